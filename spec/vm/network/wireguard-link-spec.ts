import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { countWrites, failure, one, shown } from '../../kernel/network/support.js';
import { useNamespace } from '../../support/namespace.js';
import { modules } from '../support.js';

const key = (): string => randomBytes(32).toString('base64');
const [A, B, C, PRESHARED] = [key(), key(), key(), key()];

describe('network().links of kind wireguard on the wide kernel', () => {
  before(() => modules('wireguard', 'dummy'));
  const namespace = useNamespace();
  let net: Network;
  let [first, second] = ['', ''];
  before(() => {
    net = network({ netns: namespace().path });
    [first, second] = [namespace().run('wg', 'genkey').trim(), namespace().run('wg', 'genkey').trim()];
  });
  after(() => net?.close());
  afterEach(() => namespace().run('sh', '-c', 'ip link del wg0 2>/dev/null || true'));

  /** Returns the lines that wg prints: the device, then its peers in the order of their keys. */
  const dump = (): string[][] => {
    const [device, ...peers] = namespace()
      .run('wg', 'show', 'wg0', 'dump')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    return [device!, ...peers.sort((one, other) => (one[0]! < other[0]! ? -1 : 1))];
  };
  const pubkey = (secret: string): string => namespace().run('sh', '-c', `echo ${secret} | wg pubkey`).trim();
  const sorted = (...peers: string[][]): string[][] => peers.sort((one, other) => (one[0]! < other[0]! ? -1 : 1));
  const none = '(none)';

  const full = (): LinkSpec => ({
    name: 'wg0',
    kind: 'wireguard',
    up: true,
    wireguard: {
      privateKey: first,
      listenPort: 51820,
      mark: 0x4d,
      peers: [
        { publicKey: A, endpoint: '192.0.2.7:4500', allowedIps: ['10.1.0.0/16', 'fd01::/64'], keepalive: '25s', presharedKey: PRESHARED },
        { publicKey: B, allowedIps: ['10.2.0.0/16'] },
      ],
    },
  });

  it('creates a link with all options before it goes up, and writes nothing the second time', async () => {
    const { object, changed } = await one(net.links.ensure(full()));
    expect(changed.map(({ text }) => text)).to.deep.equal(['+ link wg0']);
    expect(dump()).to.deep.equal([
      [first, pubkey(first), '51820', '0x4d'],
      ...sorted(
        [A, PRESHARED, '192.0.2.7:4500', '10.1.0.0/16,fd01::/64', '0', '0', '0', '25'],
        [B, none, none, '10.2.0.0/16', '0', '0', '0', 'off'],
      ),
    ]);
    expect(shown<{ readonly flags: readonly string[] }>(namespace(), 'ip -j link show wg0')[0]!.flags).to.include('UP');
    expect(object.wireguard).to.include({ publicKey: pubkey(first), listenPort: 51820, mark: 0x4d });
    let again: unknown;
    const writes = await countWrites(async () => {
      again = (await one(net.links.ensure(full()))).changed;
    });
    expect([writes, again]).to.deep.equal([0, []]);
    expect((await one(net.links.ensure(object))).changed).to.deep.equal([]);
    for (const secret of [first, PRESHARED]) expect(JSON.stringify([object, changed])).to.not.include(secret);
  });

  it('reads the options for with only, as wg shows them', async () => {
    await one(net.links.add(full()));
    namespace().ip('link add d0 type dummy');
    expect(await one(net.links.get('wg0'))).to.not.have.property('wireguard');
    const { wireguard } = await one(net.links.get('wg0', { with: 'wireguard' }));
    expect(wireguard!.publicKey).to.equal(pubkey(first));
    expect(wireguard!.peers!.map(({ publicKey }) => publicKey)).to.have.members([A, B]);
    const all = await one(net.links.list({ with: ['wireguard', 'statistics'] }));
    expect(all.filter((link) => link.wireguard !== undefined).map(({ name }) => name)).to.deep.equal(['wg0']);
    namespace().ip('link del d0');
  });

  it('changes each option alone, and replaces the list of peers', async () => {
    await one(net.links.add(full()));
    const change = async (wireguard: NonNullable<LinkSpec['wireguard']>): Promise<readonly string[]> => {
      const { changed } = await one(net.links.change('wg0', { kind: 'wireguard', wireguard }));
      expect((await one(net.links.change('wg0', { kind: 'wireguard', wireguard }))).changed).to.deep.equal([]);
      return changed.map(({ text }) => text);
    };
    expect(await change({ listenPort: 6000 })).to.deep.equal(['~ link wg0: wireguard.listenPort 51820 -> 6000']);
    expect(await change({ mark: null })).to.deep.equal(['~ link wg0: wireguard.mark 77 -> none']);
    expect(await change({ privateKey: second })).to.deep.equal(['~ link wg0: wireguard.privateKey none -> (secret)']);
    expect(dump()[0]).to.deep.equal([second, pubkey(second), '6000', 'off']);
    // 10.2.0.0/16 moves from B to C, and B goes.
    const peers = [
      { publicKey: C, allowedIps: ['10.2.0.0/16'] },
      { publicKey: A, allowedIps: ['fd01::/64'], keepalive: null },
    ];
    const [text, ...others] = await change({ peers });
    expect(others).to.deep.equal([]);
    expect(text)
      .to.match(/^~ link wg0: wireguard.peers /)
      .and.not.include(PRESHARED);
    expect(dump().slice(1)).to.deep.equal(
      sorted([A, PRESHARED, '192.0.2.7:4500', 'fd01::/64', '0', '0', '0', 'off'], [C, none, none, '10.2.0.0/16', '0', '0', '0', 'off']),
    );
    await change({ privateKey: null, peers: [] });
    expect(dump()).to.deep.equal([[none, none, '6000', 'off']]);
  });

  it('deletes a new link whose options the kernel rejects, and shows no secret', async () => {
    const wrong: LinkSpec = { name: 'wg0', kind: 'wireguard', wireguard: { privateKey: first.slice(1) } };
    const error = await failure(net.links.add(wrong), 'invalid');
    expect(error.path).to.equal('wireguard.privateKey');
    expect(error.message).to.include('not text of 43 characters').and.not.include(first.slice(1));
    const twice = await failure(
      net.links.add({
        name: 'wg0',
        kind: 'wireguard',
        wireguard: {
          peers: [
            { publicKey: A, allowedIps: ['10.0.0.1'] },
            { publicKey: B, allowedIps: ['10.0.0.1/32'] },
          ],
        },
      }),
      'invalid',
    );
    expect(twice.message).to.include('wireguard.peers[1].allowedIps: 10.0.0.1/32 belongs to wireguard.peers[0] already');
    expect(shown(namespace(), 'ip -j link show type wireguard')).to.deep.equal([]);
    await failure(net.links.add({ name: 'wg0', kind: 'dummy', wireguard: {} } as never), 'invalid');
  });
});
