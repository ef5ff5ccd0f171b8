import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { Row } from '../../../lib/network/common/written.js';
import type { WireguardPeer, WireguardPeerSpec } from '../../../lib/network/wireguard/wireguard-peer.js';
import { failure, one } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

const [A, B, SECRET, OTHER] = Array.from({ length: 4 }, () => randomBytes(32).toString('base64')) as [string, string, string, string];
const NONE = '(none)';

describe('network().wireguard on the wide kernel', () => {
  before(() => modules('wireguard', 'dummy'));
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());
  beforeEach(() => namespace().ip('link add wg0 type wireguard'));
  afterEach(() => namespace().ip('link del wg0'));

  /** Returns the peers that wg prints, by public key: preshared key, endpoint, allowed IPs, handshake, received, sent, keepalive. */
  const shown = (link = 'wg0'): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      namespace()
        .run('wg', 'show', link, 'dump')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
        .map(([key = '', ...rest]) => [key, rest] as const),
    );
  const set = (...args: readonly string[]): string => namespace().run('wg', 'set', 'wg0', ...args);
  const withSecret = (key: string): readonly string[] => ['sh', '-c', `echo ${key} > /tmp/rxnl-psk`];

  const written: readonly (readonly [WireguardPeerSpec, readonly string[]])[] = [
    [{ link: 'wg0', publicKey: A }, [NONE, NONE, NONE, '0', '0', '0', 'off']],
    [{ link: 'wg0', publicKey: A, endpoint: '192.0.2.7:4500' }, [NONE, '192.0.2.7:4500', NONE, '0', '0', '0', 'off']],
    [{ link: 'wg0', publicKey: A, endpoint: '[FD00::0:7]:1' }, [NONE, '[fd00::7]:1', NONE, '0', '0', '0', 'off']],
    [{ link: 'wg0', publicKey: A, keepalive: '25s' }, [NONE, NONE, NONE, '0', '0', '0', '25']],
    [{ link: 'wg0', publicKey: A, keepalive: null, presharedKey: null }, [NONE, NONE, NONE, '0', '0', '0', 'off']],
    [{ link: 'wg0', publicKey: A, presharedKey: SECRET }, [SECRET, NONE, NONE, '0', '0', '0', 'off']],
    [
      { link: 'wg0', publicKey: A, allowedIps: ['10.7.0.0/16', '10.9.9.9', 'fd07::/48', '0.0.0.0/0'] },
      [NONE, NONE, '10.7.0.0/16,10.9.9.9/32,fd07::/48,0.0.0.0/0', '0', '0', '0', 'off'],
    ],
  ];
  for (const [spec, expected] of written) {
    it(`writes ${Object.keys(spec).slice(2).join(', ') || 'a peer'} as wg reads it, and nothing the second time`, async () => {
      const { object, changed } = await one(net.wireguard.ensure(spec));
      expect(changed.map(({ text }) => text)).to.deep.equal([`+ peer ${A} on wg0`]);
      expect(shown()).to.deep.equal({ [A]: expected });
      expect((await one(net.wireguard.ensure(spec))).changed).to.deep.equal([]);
      expect((await one(net.wireguard.ensure(object))).changed).to.deep.equal([]);
      expect(await one(net.wireguard.get({ link: 'wg0', publicKey: A }))).to.deep.equal(object);
      expect((await failure(net.wireguard.add(spec), 'exists')).message).to.include(
        `cannot add peer ${A} on wg0: a peer with this key exists`,
      );
      expect(await one(net.wireguard.delete(object))).to.deep.equal(object);
      expect(shown()).to.deep.equal({});
      await failure(net.wireguard.delete(object), 'missing');
    });
  }

  it('reads what wg has written', async () => {
    namespace().run(...(withSecret(SECRET) as [string]));
    set(
      'peer',
      A,
      'preshared-key',
      '/tmp/rxnl-psk',
      'endpoint',
      '192.0.2.9:51820',
      'persistent-keepalive',
      '7',
      'allowed-ips',
      '10.1.0.0/16',
    );
    set('peer', B, 'endpoint', '[2001:db8::9]:51820', 'allowed-ips', 'fd01::/64,10.2.0.0/24');
    const peers = await one(net.wireguard.list());
    const plain = peers.map((peer) => ({ ...peer }));
    const common = { link: 'wg0', linkIndex: plain[0]!.linkIndex, bytesReceived: 0n, bytesSent: 0n };
    expect(plain).to.have.deep.members([
      { ...common, publicKey: A, endpoint: '192.0.2.9:51820', allowedIps: ['10.1.0.0/16'], keepalive: 7000 },
      { ...common, publicKey: B, endpoint: '[2001:db8::9]:51820', allowedIps: ['fd01::/64', '10.2.0.0/24'] },
    ]);
    expect(JSON.stringify(peers)).to.not.include(SECRET);
    expect(peers.map((peer) => 'presharedKey' in peer[Row])).to.deep.equal([false, false]);
    expect(await one(net.wireguard.list({ link: 'wg0', keepalive: 7000 }))).to.have.length(1);
    expect(await one(net.wireguard.list({ endpoint: null }))).to.have.length(0);
  });

  it('changes one property and leaves the others alone', async () => {
    await one(
      net.wireguard.add({
        link: 'wg0',
        publicKey: A,
        presharedKey: SECRET,
        endpoint: '192.0.2.7:4500',
        keepalive: '25s',
        allowedIps: ['10.0.0.0/8'],
      }),
    );
    const change = async (part: Partial<WireguardPeerSpec>, text: string): Promise<void> => {
      const { changed } = await one(net.wireguard.change({ link: 'wg0', publicKey: A }, part));
      expect(changed.map((each) => each.text)).to.deep.equal([`~ peer ${A} on wg0: ${text}`]);
      expect((await one(net.wireguard.change({ link: 'wg0', publicKey: A }, part))).changed).to.deep.equal([]);
    };
    await change({ allowedIps: ['10.0.0.0/8', 'fd00::/64'] }, 'allowedIps ["10.0.0.0/8"] -> ["10.0.0.0/8","fd00::/64"]');
    await change({ presharedKey: OTHER }, 'presharedKey none -> (secret)');
    expect(shown()[A]).to.deep.equal([OTHER, '192.0.2.7:4500', '10.0.0.0/8,fd00::/64', '0', '0', '0', '25']);
    await change({ presharedKey: null }, 'presharedKey none -> none');
    await change({ keepalive: null }, 'keepalive 25000 -> none');
    await change({ allowedIps: [] }, 'allowedIps ["10.0.0.0/8","fd00::/64"] -> []');
    await change({ endpoint: '[fd00::1]:9' }, 'endpoint 192.0.2.7:4500 -> [fd00::1]:9');
    expect(shown()[A]).to.deep.equal([NONE, '[fd00::1]:9', NONE, '0', '0', '0', 'off']);
    expect((await failure(net.wireguard.change({ link: 'wg0', publicKey: A }, { publicKey: B }), 'invalid')).path).to.equal('publicKey');
  });

  it('moves networks between peers in one verb', async () => {
    const specs = (first: readonly string[], second: readonly string[]): WireguardPeerSpec[] => [
      { link: 'wg0', publicKey: A, allowedIps: first },
      { link: 'wg0', publicKey: B, allowedIps: second },
    ];
    for (const [first, second] of [
      [['10.0.0.0/8', '11.0.0.0/8'], ['12.0.0.0/8']],
      [['12.0.0.0/8'], ['10.0.0.0/8', '11.0.0.0/8']],
      [['11.0.0.0/8', '12.0.0.0/8'], ['10.0.0.0/8']],
    ] as const) {
      expect(await one(net.wireguard.ensureMany(specs(first, second)))).to.deep.include({ failed: [] });
      expect(await one(net.wireguard.ensureMany(specs(first, second)))).to.deep.equal({ written: 0, failed: [] });
      const networks = (key: string): string[] => shown()[key]![2]!.split(',').sort();
      expect([networks(A), networks(B)]).to.deep.equal([first, second]);
    }
    // A network that another peer has moves silently, as with wg.
    await one(net.wireguard.ensure({ link: 'wg0', publicKey: A, allowedIps: ['10.0.0.0/8'] }));
    expect(shown()[B]![2]).to.equal(NONE);
  });

  it('writes and reads a thousand peers, and a peer with two thousand networks', async () => {
    const keys = Array.from({ length: 1000 }, () => randomBytes(32).toString('base64'));
    const networks = Array.from({ length: 2000 }, (_, at) => `172.${16 + (at >> 8)}.${at & 255}.0/24`);
    const specs = keys.map((publicKey, at) => ({ link: 'wg0', publicKey, allowedIps: [`10.${at >> 8}.${at & 255}.0/24`] }));
    expect(await one(net.wireguard.addMany(specs))).to.deep.equal({ written: 1000, failed: [] });
    await one(net.wireguard.ensure({ link: 'wg0', publicKey: A, allowedIps: networks }));
    const peers = await one(net.wireguard.list());
    const texts = ({ publicKey, allowedIps = [] }: WireguardPeer): string => `${publicKey} ${allowedIps.join(',')}`;
    expect(peers.map(texts).sort()).to.deep.equal(
      Object.entries(shown())
        .map(([key, [, , allowed]]) => `${key} ${allowed!}`)
        .sort(),
    );
    expect(peers.find(({ publicKey }) => publicKey === A)!.allowedIps).to.have.members(networks);
    expect(await one(net.wireguard.deleteMany([...keys.map((publicKey) => ({ publicKey })), { publicKey: B }]))).to.deep.include({
      written: 1000,
    });
    expect(Object.keys(shown())).to.deep.equal([A]);
  });

  it('names the peer in errors, and never a secret', async () => {
    namespace().ip('link add d0 type dummy');
    const errors = [
      await failure(net.wireguard.get({ publicKey: A }), 'missing'),
      await failure(net.wireguard.add({ link: 'wg7', publicKey: A }), 'unknown-name'),
      await failure(net.wireguard.add({ link: 'd0', publicKey: A, presharedKey: SECRET }), 'unsupported'),
      await failure(net.wireguard.add({ link: 'wg0', publicKey: A, presharedKey: SECRET.slice(1) }), 'invalid'),
      await failure(net.wireguard.ensureMany([{ link: 'wg0' }] as never) && net.wireguard.add({ link: 'wg0' } as never), 'invalid'),
    ];
    expect(errors.map(({ message }) => message)[0]).to.equal(`cannot get peer ${A}: it does not exist`);
    for (const { message, cause } of errors) expect(`${message} ${String(cause)}`).to.not.include(SECRET.slice(1));
    namespace().ip('link del d0');
  });
});
