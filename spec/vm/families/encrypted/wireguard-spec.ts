import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import { expect } from 'chai';

import { rtLink } from '../../../../lib/families/rt-link.js';
import { wireguard, type WgpeerAttributes } from '../../../../lib/families/wireguard.js';
import { last, modules, run } from '../../support.js';

const PEERS = 300;
/** `WGDEVICE_F_REPLACE_PEERS`, `WGPEER_F_REPLACE_ALLOWEDIPS` of linux/wireguard.h. */
const REPLACE_PEERS = 1;
const REPLACE_ALLOWED = 2;
const AF_INET = 2;
const AF_INET6 = 10;

const base64 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64');
const rows = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));

/** Returns a peer as `wg show ... dump` prints it. */
function dumpRow(peer: WgpeerAttributes): string[] {
  const none = '(none)';
  const preshared = base64(peer.presharedKey);
  const allowed = (peer.allowedips ?? []).map(({ ipaddr, cidrMask }) => `${ipaddr!}/${cidrMask!}`).join(',');
  return [
    base64(peer.publicKey),
    preshared === base64(new Uint8Array(32)) ? none : preshared,
    peer.endpoint ?? none,
    allowed === '' ? none : allowed,
    String(peer.lastHandshakeTime?.sec),
    String(peer.rxBytes),
    String(peer.txBytes),
    peer.persistentKeepaliveInterval === 0 ? 'off' : String(peer.persistentKeepaliveInterval),
  ];
}

describe('wireguard on the wide kernel', () => {
  before(() => modules('wireguard'));

  beforeEach(async () => {
    using link = rtLink();
    await last(link.do('newlink', { ifname: 'wg0', linkinfo: { kind: 'wireguard' } }, { create: true, exclusive: true }));
  });
  afterEach(() => run('ip link del wg0'));

  it('writes a device with peers as wg reads it', async () => {
    using wg = wireguard();
    const privateKey = Buffer.from(run('wg genkey'), 'base64');
    const [first, second, preshared] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    await last(
      wg.do('set-device', {
        ifname: 'wg0',
        privateKey,
        listenPort: 51821,
        fwmark: 0x4d,
        flags: REPLACE_PEERS,
        peers: [
          {
            publicKey: first,
            presharedKey: preshared,
            endpoint: '192.0.2.7:4500',
            persistentKeepaliveInterval: 25,
            flags: REPLACE_ALLOWED,
            allowedips: [
              { family: AF_INET, ipaddr: '10.7.0.0', cidrMask: 16 },
              { family: AF_INET6, ipaddr: '2001:db8:7::', cidrMask: 48 },
            ],
          },
          { publicKey: second, endpoint: '[2001:db8::9]:51820' },
        ],
      }),
    );
    const [device, ...peers] = rows(run('wg show wg0 dump'));
    expect([device![0], device![2], device![3]]).to.deep.equal([base64(privateKey), '51821', '0x4d']);
    expect(peers).to.have.deep.members([
      [base64(first), base64(preshared), '192.0.2.7:4500', '10.7.0.0/16,2001:db8:7::/48', '0', '0', '0', '25'],
      [base64(second), '(none)', '[2001:db8::9]:51820', '(none)', '0', '0', '0', 'off'],
    ]);
  });

  it(`merges the messages of ${PEERS} peers into one device`, async () => {
    const peers = Array.from({ length: PEERS }, (_, index) => {
      const allowed = Array.from(
        { length: 1 + (index % 4) * 40 },
        (_1, part) => `10.${index >> 2}.${(index & 3) * 64 + (part >> 2)}.${(part & 3) * 64}/26`,
      );
      return `[Peer]\nPublicKey = ${base64(randomBytes(32))}\nAllowedIPs = ${allowed.join(', ')}\n${index % 3 === 0 ? `Endpoint = 198.51.100.${index & 255}:${4000 + index}\n` : ''}`;
    });
    writeFileSync('/tmp/wg0.conf', `[Interface]\nPrivateKey = ${run('wg genkey').trim()}\nListenPort = 6000\n${peers.join('\n')}`);
    run('wg setconf wg0 /tmp/wg0.conf');
    using wg = wireguard();
    const devices = await last(wg.list('get-device', { ifname: 'wg0' }));
    expect(devices).to.have.length(1);
    const [device, ...expected] = rows(run('wg show wg0 dump'));
    expect(expected).to.have.length(PEERS);
    expect(base64(devices[0]!.publicKey)).to.equal(device![1]);
    expect(devices[0]!.listenPort).to.equal(6000);
    expect(devices[0]!.peers!.map(dumpRow)).to.deep.equal(expected);
  });

  it('fails with ENODEV for a device that does not exist', async () => {
    using wg = wireguard();
    const error: unknown = await last(wg.list('get-device', { ifname: 'none0' })).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'KernelError', code: 'ENODEV' });
  });
});
