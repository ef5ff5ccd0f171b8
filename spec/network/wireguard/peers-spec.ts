import { expect } from 'chai';
import { wireguardSchema, type WgdeviceAttributes } from '../../../lib/families/wireguard.js';
import { compare } from '../../../lib/network/tables/compare.js';
import { normalise } from '../../../lib/network/fields/shape.js';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { Row } from '../../../lib/network/common/written.js';
import { hasPresharedKey, peerChange, peerOf, peerRequests, sameNetworks } from '../../../lib/network/wireguard/peer-rows.js';
import { PEER_SHAPE } from '../../../lib/network/wireguard/peer-shape.js';
import type { WireguardPeer } from '../../../lib/network/wireguard/wireguard-peer.js';
import { listFixtures, readFixture } from '../../families/fixture.js';
import { play } from '../../families/play.js';
import { needsOrderOf } from '../../support/host-order.js';

const KEY = 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=';
const SECRET = 'BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ=';
const NONE = '(none)';

/** `WGPEER_F_REPLACE_ALLOWEDIPS` and `WGPEER_F_UPDATE_ONLY` of linux/wireguard.h. */
const [REPLACE_ALLOWED, UPDATE_ONLY] = [2, 4];

/** Prints a peer as `wg show ... dump`, except the preshared key. */
function textsOf({ publicKey, endpoint, allowedIps = [], lastHandshake, bytesReceived, bytesSent, keepalive }: WireguardPeer): string[] {
  return [
    publicKey,
    endpoint ?? NONE,
    allowedIps.join(',') || NONE,
    ...[Math.floor((lastHandshake ?? 0) / 1000), bytesReceived, bytesSent].map(String),
    keepalive === undefined ? 'off' : String(keepalive / 1000),
  ];
}

describe('peers of WireGuard', () => {
  for (const fixture of listFixtures().filter(({ family }) => family === 'wireguard')) {
    it(`are translated as wg prints them: ${fixture.origin} ${fixture.name}`, async function () {
      const { expected, ...capture } = readFixture(fixture);
      needsOrderOf(this, capture);
      const answers = await play(wireguardSchema, { ...capture, expected });
      const [device] = answers.flatMap(({ rows }) => rows) as WgdeviceAttributes[];
      const peers = (device!.peers ?? []).map((row) => peerOf(row, 'wg0', 7));
      const [, ...shown] = expected as string[][];
      expect(peers.map(textsOf)).to.deep.equal(shown.map(([key, , ...rest]) => [key, ...rest]));
      for (const [at, peer] of peers.entries()) {
        const secret = shown[at]![1]!;
        expect(hasPresharedKey(peer, secret === NONE ? null : secret)).to.equal(true);
        expect(hasPresharedKey(peer, KEY)).to.equal(false);
        expect(JSON.stringify([peer, peer[Row].publicKey])).to.not.include(secret);
        expect(peer[Row]).to.not.have.property('presharedKey');
      }
    });
  }

  it('are written in requests below the limit of an attribute, each network once', () => {
    const networks = Array.from({ length: 3000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`);
    const peers = Array.from({ length: 400 }, (_, at) => Buffer.alloc(32, `peer ${at} `).toString('base64'));
    const changes = [{ peer: { publicKey: KEY, allowedIps: networks, presharedKey: SECRET }, flags: REPLACE_ALLOWED }];
    const requests = peerRequests([...changes, ...peers.map((publicKey) => ({ peer: { publicKey } }))]);
    expect(requests.length).to.be.within(4, 10);
    const written = requests.flatMap(({ peers: some = [] }) => some);
    const first = written.filter(({ publicKey }) => Buffer.from(publicKey as Uint8Array).toString('base64') === KEY);
    expect(first.flatMap(({ allowedips = [] }) => allowedips.map(({ ipaddr }) => ipaddr))).to.deep.equal(networks);
    // Only the first request replaces, and only it has the key.
    expect(first.map(({ flags }) => flags)).to.deep.equal([REPLACE_ALLOWED, ...first.slice(1).map(() => 0)]);
    expect(first.filter(({ presharedKey }) => presharedKey !== undefined)).to.have.length(1);
    expect(written).to.have.length(first.length + 400);
  });

  it('keep the networks that stay', () => {
    const found = { publicKey: KEY, allowedIps: ['10.0.0.0/8', 'fd00::/64'] };
    const more = peerChange(found, { ...found, allowedIps: ['fd00::/64', '10.0.0.0/8', '11.0.0.0/8'] }, ['allowedIps']);
    expect(more).to.deep.equal({ peer: { publicKey: KEY, allowedIps: ['11.0.0.0/8'] }, flags: UPDATE_ONLY });
    const less = peerChange(found, { ...found, allowedIps: ['fd00::/64'] }, ['allowedIps']);
    expect(less).to.deep.equal({ peer: { publicKey: KEY, allowedIps: ['fd00::/64'] }, flags: UPDATE_ONLY | REPLACE_ALLOWED });
    expect(peerChange(found, { ...found, keepalive: null }, ['keepalive']).peer).to.deep.equal({ publicKey: KEY, keepalive: null });
    expect(sameNetworks(['10.0.0.0/8', 'fd00::/64'], found.allowedIps.toReversed())).to.equal(true);
    expect(sameNetworks(['10.0.0.0/8'], found.allowedIps)).to.equal(false);
  });

  it('accept keys, endpoints and networks in any form, and return them as readers do', () => {
    const given = { link: 'wg0', publicKey: KEY, endpoint: '[FD00:0::1]:51820', allowedIps: ['10.0.0.1', 'fd00::/64', '10.0.0.1/32'] };
    expect(normalise(PEER_SHAPE, { ...given, keepalive: '25s', presharedKey: null, bytesSent: 5n })).to.deep.equal({
      ...given,
      endpoint: '[fd00::1]:51820',
      allowedIps: ['10.0.0.1/32', 'fd00::/64'],
      keepalive: 25_000,
      presharedKey: null,
    });
  });

  for (const [part, text] of [
    [{ endpoint: '192.0.2.1' }, "endpoint: expected an address with a port, '192.0.2.1:51820' or '[fd00::1]:51820', not '192.0.2.1'"],
    [{ endpoint: 'fd00::1:51820' }, 'endpoint: expected an address with a port'],
    [{ endpoint: '192.0.2.300:1' }, "endpoint: '192.0.2.300' is not an IP address"],
    [{ endpoint: '192.0.2.1:0' }, 'endpoint: expected an address with a port'],
    [{ endpoint: null }, 'endpoint: null is not a value'],
    [{ allowedIps: ['10.0.0.1/8'] }, "allowedIps[0]: '10.0.0.1/8' has host bits; the network is '10.0.0.0/8'"],
    [{ keepalive: '1500ms' }, 'keepalive: expected whole seconds from 1 to 65535, not 1500 ms; null turns it off'],
    [{ publicKey: 'x' }, "publicKey: expected a key of 32 bytes as base64 text of 44 characters, not 'x'"],
  ] as const) {
    it(`reject ${JSON.stringify(part)}`, () => {
      try {
        normalise(PEER_SHAPE, part);
      } catch (error) {
        const { path, message } = error as FieldError;
        expect(error).to.be.instanceOf(FieldError);
        expect(`${path}: ${message}`).to.include(text);
        return;
      }
      expect.fail('accepted');
    });
  }

  it('never show a secret in an error or a difference', () => {
    const almost = `${SECRET.slice(0, -1)}!`;
    expect(() => normalise(PEER_SHAPE, { presharedKey: almost })).to.throw(FieldError, 'not text of 44 characters');
    const changes = compare(
      { presharedKey: SECRET, peers: [{ publicKey: KEY, presharedKey: SECRET }], wireguard: { privateKey: SECRET } },
      {},
      { presharedKey: () => false },
    );
    expect([...changes]).to.deep.equal([
      ['presharedKey', { to: '(secret)' }],
      ['peers', { to: [{ publicKey: KEY }] }],
      ['wireguard.privateKey', { to: '(secret)' }],
    ]);
  });
});
