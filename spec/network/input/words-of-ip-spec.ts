import { expect } from 'chai';
import { firstValueFrom, type Observable } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { isNetworkError, network, type Network } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

/** Verbs with words of `ip`, as JavaScript and configurations may have them, and the ends of the messages. */
const WORDS: readonly (readonly [run: (net: Verbs) => Observable<unknown>, message: string])[] = [
  [({ addresses }) => addresses.add({ dev: 'lo', address: '10.0.0.1/8' }), 'dev: unknown property; did you mean link?'],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1/8', brd: '10.255.255.255' }),
    'brd: unknown property; did you mean broadcast?',
  ],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1/8', via: '10.0.0.9' }),
    'via: unknown property; via is a property of routes and nexthops',
  ],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1/8', gw: '10.0.0.9' }),
    'gw: unknown property; via is a property of routes and nexthops',
  ],
  [({ routes }) => routes.add({ dst: '10.0.0.0/8', via: '10.0.0.9' }), 'dst: unknown property; did you mean to?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', gw: '10.0.0.9' }), 'gw: unknown property; did you mean via?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', dev: 'lo', saddr: '10.0.0.1' }), 'dev: unknown property; did you mean link?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', link: 'lo', saddr: '10.0.0.1' }), 'saddr: unknown property; did you mean source?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', link: 'lo', prio: 5 }), 'prio: unknown property; did you mean metric?'],
  [({ routes }) => routes.list({ dev: 'lo' }), 'dev: is not a property to filter by; did you mean link?'],
  [({ rules }) => rules.add({ prio: 5, table: 'main' }), 'prio: unknown property; did you mean priority?'],
  [({ rules }) => rules.add({ priority: 5, src: '10.0.0.0/8', table: 'main' }), 'src: unknown property; did you mean from?'],
  [({ rules }) => rules.add({ priority: 5, lookup: 'main' }), 'lookup: unknown property; did you mean table?'],
  [
    ({ neighbours }) => neighbours.add({ link: 'lo', address: '10.0.0.1', lladdr: '02:00:00:00:00:01' }),
    'lladdr: unknown property; did you mean mac?',
  ],
  [({ neighbours }) => neighbours.watch({ dst: '10.0.0.1' }), 'dst: is not a property to filter by; did you mean address?'],
  [({ fdb }) => fdb.add({ link: 'lo', lladdr: '02:00:00:00:00:01' }), 'lladdr: unknown property; did you mean mac?'],
  [({ links }) => links.change('lo', { qlen: 5 }), 'qlen: unknown property; did you mean txQueueLength?'],
  [({ links }) => links.add({ name: 'd0', type: 'bridge' }), 'type: unknown property; did you mean kind?'],
  [({ links }) => links.change('lo', { mtuu: 5 }), 'mtuu: unknown property; did you mean mtu?'],
  [
    ({ links }) => links.add({ name: 'x0', kind: 'bridge', stp: true }),
    'cannot add link x0: stp: unknown property; did you mean bridge.stp?',
  ],
  [({ links }) => links.add({ name: 'x0', kind: 'vxlan', dst: '10.0.0.9' }), 'dst: unknown property; did you mean vxlan.remote?'],
  [({ links }) => links.change('lo', { stp: true }), 'stp: unknown property; did you mean bridge.stp?'],
  [({ links }) => links.list({ operstate: 'UP' }), 'operstate: is not a property to filter by; did you mean state?'],
  [({ links }) => links.change('lo', { operstate: 'UP' }), 'operstate: unknown property; only the kernel sets the state; write up: true'],
  [
    ({ links }) => links.change('lo', { flags: ['UP'] }),
    'flags: unknown property; each flag is a property of its own, such as up, multicast and promiscuous',
  ],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1', prefixlen: 24 }),
    'prefixlen: unknown property; write the prefix length in the address: 10.0.0.1/24',
  ],
  [({ addresses }) => addresses.add({ link: 'lo', local: '10.0.0.1/24' }), 'local: unknown property; did you mean address?'],
  [({ links }) => links.get({ ifindex: 1 }), 'ifindex: unknown property; did you mean index?'],
  [({ addresses }) => addresses.list({ ifindex: 1 }), 'ifindex: is not a property to filter by; did you mean linkIndex?'],
  [({ addresses }) => addresses.add({ ifindex: 1, address: '10.0.0.1/8' }), 'ifindex: unknown property; did you mean link?'],
  [({ links }) => links.change('lo', { address: '02:00:00:00:00:01' }), 'address: unknown property; did you mean mac?'],
  [({ links }) => links.list({ address: '02:00:00:00:00:01' }), 'address: is not a property to filter by; did you mean mac?'],
  [({ links }) => links.add({ name: 'x0', kind: 'vlan', link: 'lo' }), 'link: unknown property; did you mean parent?'],
  [({ links }) => links.add({ name: 'x0', kind: 'vxlan', link: 'lo' }), 'link: unknown property; did you mean parent?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', link: 'lo', priority: 5 }), 'priority: unknown property; did you mean metric?'],
  [({ routes }) => routes.add({ to: '10.0.0.0/8', link: 'lo', prefsrc: '10.0.0.1' }), 'prefsrc: unknown property; did you mean source?'],
  [({ links }) => links.add({ name: 'x0', kind: 'bridge', ageing_time: 5 }), 'ageing_time: unknown property; did you mean bridge.ageing?'],
  [({ links }) => links.change('x0', { ageing_time: 5 }), 'ageing_time: unknown property; did you mean bridge.ageing?'],
  [({ links }) => links.change('x0', { stp_state: 1 }), 'stp_state: unknown property; did you mean bridge.stp?'],
  [
    ({ links }) => links.add({ name: 'x0', kind: 'bridge', vlan_filtering: 1 }),
    'vlan_filtering: unknown property; did you mean bridge.vlanFiltering?',
  ],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1/8', valid_life_time: 5 }),
    'valid_life_time: unknown property; did you mean valid?',
  ],
  [
    ({ addresses }) => addresses.add({ link: 'lo', address: '10.0.0.1/8', preferred_life_time: 5 }),
    'preferred_life_time: unknown property; did you mean preferred?',
  ],
  [
    ({ links }) => links.add({ name: 'x0', link_type: 'ether' }),
    'link_type: unknown property; the type follows from the kind; did you mean kind?',
  ],
  [({ links }) => links.change('lo', { txqlen: 5 }), 'txqlen: unknown property; did you mean txQueueLength?'],
  [({ links }) => links.add({ name: 'x0', linkinfo: {} }), 'linkinfo: unknown property; did you mean kind?'],
  [({ routes }) => routes.list({ table: '100' }), "table: no routing table is named '100'; write the number 100"],
  [
    ({ links }) => links.add({ name: 'x0', kind: 'brigde', bridge: {} }),
    "bridge: is not a property of a link of kind 'brigde'; did you mean kind: 'bridge'?",
  ],
];

const ENDS: readonly (readonly [filter: object, message: string])[] = [
  [{ remote: '10.0.0.1:80' }, "remote: '10.0.0.1:80' is an address with a port; write { address: '10.0.0.1', port: 80 }"],
  [{ local: { address: '10.0.0.1:80' } }, "local: '10.0.0.1:80' is an address with a port; write { address: '10.0.0.1', port: 80 }"],
  [{ local: '[::1]:443' }, "local: '[::1]:443' is an address with a port; write { address: '::1', port: 443 }"],
  [{ local: '*:443' }, "local: '*:443' is an address with a port; write { port: 443 }"],
  [{ local: ':443', protocol: 'tcp' }, "local: ':443' is an address with a port; write { port: 443 }"],
  [{ local: '10.0.0.1:x' }, "local: '10.0.0.1:x' is not an IP address"],
];

const PARTS: readonly (readonly [run: (net: Verbs) => unknown, message: string])[] = [
  [({ links }) => links.get('lo', 'statistics'), "get: expected an object, not 'statistics'; write get(key, { with: 'statistics' })"],
  [
    ({ links }) => links.find('lo', ['addresses', 'vlans']),
    "find: expected an object, not ['addresses', 'vlans']; write find(key, { with: ['addresses', 'vlans'] })",
  ],
  [({ links }) => links.list([] as never), 'list: expected an object, not array'],
  [({ links }) => links.change({ name: 'v0', mtu: 1400 }), "change: the second argument is missing; write change('v0', { mtu: 1400 })"],
  [
    ({ links }) => links.change({ index: 3, mtu: 1400 }),
    'change: the second argument is missing; write change({ index: 3 }, { mtu: 1400 })',
  ],
  [
    ({ links }) => links.change({ name: 'v0', alias: 'a', wireguard: { privateKey: 'k' }, up: true }),
    "change: the second argument is missing; write change('v0', { alias, wireguard, up: true })",
  ],
  [({ links }) => links.until(), 'until: the second argument is missing; write until(key, { up: true })'],
  [({ links }) => links.change('v0'), "change: the second argument is missing; write change('v0', { ... })"],
  [({ links }) => links.change('v0', 'up'), "change: expected an object, not 'up'; write change('v0', { ... })"],
  [
    ({ addresses }) => addresses.change({ link: 'v0', address: '10.0.0.1/24', metric: 5 }),
    "change: the second argument is missing; write change({ link: 'v0', address: '10.0.0.1/24' }, { metric: 5 })",
  ],
  [({ addresses }) => addresses.add('v0', '10.0.0.1/24'), "add: expected an object, not 'v0'; write add({ link, address })"],
  [({ addresses }) => addresses.ensure('10.0.0.1/24'), "ensure: expected an object, not '10.0.0.1/24'; write ensure({ link, address })"],
  [({ links }) => links.add('v0', { kind: 'dummy' }), "add: expected an object, not 'v0'; write add({ name, kind })"],
  [({ routes }) => routes.replace('default'), "replace: expected an object, not 'default'; write replace({ to, via })"],
  [
    ({ addresses }) => addresses.delete('10.0.0.1/24', 'v0'),
    "delete: expected an object, not '10.0.0.1/24'; write { address: '10.0.0.1/24' }",
  ],
  [({ links }) => links.get(3), 'get: expected an object, not 3; write get({ index: 3 })'],
  [({ links }) => links.change(3, { mtu: 1400 }), 'change: expected an object, not 3; write change({ index: 3 }, ...)'],
  [({ nexthops }) => nexthops.delete(7), 'delete: expected an object, not 7; write delete({ id: 7 })'],
  [({ rules }) => rules.find(5), 'find: expected an object, not 5; write find({ priority: 5 })'],
  [({ neighbours }) => neighbours.add('v0'), "add: expected an object, not 'v0'; write add({ link, address, mac })"],
  [({ rules }) => rules.add('v0'), "add: expected an object, not 'v0'; write add({ priority, from, table })"],
  [({ nexthops }) => nexthops.add('v0'), "add: expected an object, not 'v0'; write add({ id, via, link })"],
  [({ fdb }) => fdb.add('v0'), "add: expected an object, not 'v0'; write add({ link, mac })"],
  [({ qdiscs }) => qdiscs.add('v0'), "add: expected an object, not 'v0'; write add({ link, kind })"],
  [({ classes }) => classes.add('v0'), "add: expected an object, not 'v0'; write add({ link, handle, kind })"],
  [({ filters }) => filters.add('v0'), "add: expected an object, not 'v0'; write add({ link, parent, priority, kind })"],
  [({ wireguard }) => wireguard.add('v0'), "add: expected an object, not 'v0'; write add({ link, publicKey })"],
  [({ neighbours }) => neighbours.get('10.0.0.9'), "get: expected an object, not '10.0.0.9'; write { address: '10.0.0.9' }"],
  [({ fdb }) => fdb.get('02:00:00:00:00:01'), "get: expected an object, not '02:00:00:00:00:01'; write { mac: '02:00:00:00:00:01' }"],
  [({ qdiscs }) => qdiscs.get('1:0'), "get: expected an object, not '1:0'; write { link: '1:0' }"],
  [({ neighbours }) => neighbours.get('va'), "get: expected an object, not 'va'; write { link: 'va' }"],
  [({ fdb }) => fdb.get('va'), "get: expected an object, not 'va'; write { link: 'va' }"],
  [({ qdiscs }) => qdiscs.get('va'), "get: expected an object, not 'va'; write { link: 'va' }"],
  [({ classes }) => classes.get('va'), 'get: expected an object, not string'],
  [({ wireguard }) => wireguard.get(5), 'get: expected an object, not number'],
  [({ addresses }) => addresses.get(3), 'get: expected an object, not number'],
  [({ addresses }) => addresses.ensure([]), 'ensure: expected an object, not array; for several objects, write ensureMany([...])'],
  [({ links }) => links.add([]), 'add: expected an object, not array; for several objects, write addMany([...])'],
  [({ links }) => links.delete(['va']), 'delete: expected an object, not array; for several objects, write deleteMany([...])'],
  [({ routes }) => routes.replace([]), 'replace: expected an object, not array; for several objects, write replaceMany([...])'],
  [({ wireguard }) => wireguard.add([]), 'add: expected an object, not array; for several objects, write addMany([...])'],
  [({ links }) => links.move('v0', 'blue'), "move: expected an object, not 'blue'; write move('v0', { netns: 'blue' })"],
  [({ links }) => links.move({ index: 3 }), "move: the second argument is missing; write move({ index: 3 }, { netns: 'blue' })"],
  [({ links }) => links.until('v0'), "until: the second argument is missing; write until('v0', { up: true })"],
  [
    ({ routes }) => routes.addHop({ to: 'default' }),
    "addHop: the second argument is missing; write addHop({ to: 'default' }, { via, link })",
  ],
  [({ links }) => links.list('statistics'), "list: expected an object, not 'statistics'; write list({ with: 'statistics' })"],
  [({ links }) => links.list({}, 'statistics'), "list: expected an object, not 'statistics'; write list({ with: 'statistics' })"],
  [({ links }) => links.list('va'), "list: expected an object, not 'va'; write list({ name: 'va' }), or get('va')"],
  [({ links }) => links.watch('va'), "watch: expected an object, not 'va'; write watch({ name: 'va' })"],
  [({ addresses }) => addresses.list('va'), "list: expected an object, not 'va'; write { link: 'va' }"],
  [({ routes }) => routes.list('default'), "list: expected an object, not 'default'; write { to: 'default' }"],
  [({ addresses }) => addresses.get('10.9.0.1/24'), "get: expected an object, not '10.9.0.1/24'; write { address: '10.9.0.1/24' }"],
  [({ links }) => links.watch('addresses'), "watch: expected an object, not 'addresses'; write watch({ with: 'addresses' })"],
];

/** The verbs of a network without their types. */
type Verbs = Readonly<Record<keyof Network, Readonly<Record<Verb, (...given: readonly unknown[]) => Observable<unknown>>>>>;

type Verb = 'add' | 'addHop' | 'change' | 'delete' | 'ensure' | 'find' | 'get' | 'list' | 'move' | 'replace' | 'until' | 'watch';

/** Arguments of `network()`. */
const OPTIONS: readonly (readonly [given: unknown, message: string])[] = [
  ['blue', "network(): expected options, not 'blue'; write network({ netns: 'blue' })"],
  [null, "network(): expected options such as { netns: 'blue' }, not null"],
  [[], "network(): expected options such as { netns: 'blue' }, not array"],
  [rtLink({}), "network(): expected options such as { netns: 'blue' }, not a client or a socket"],
  [rtLink({}).socket, "network(): expected options such as { netns: 'blue' }, not a client or a socket"],
];

describe('network() with arguments in the words of other programs', () => {
  const net = network(fakeNetwork().options);
  const verbs = net as unknown as Verbs;
  after(() => net.close());

  async function messageOf(verb: Observable<unknown>): Promise<string> {
    const error: unknown = await firstValueFrom(verb).catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'invalid') && !isNetworkError(error, 'unknown-name')) throw error;
    return error.message;
  }

  for (const [run, message] of WORDS)
    it(`suggests the property: ${message}`, async () => {
      expect((await messageOf(run(verbs))).endsWith(message), await messageOf(run(verbs))).to.equal(true);
    });

  for (const [filter, message] of ENDS)
    it(`shows the form of an end of a socket: ${message}`, async () => {
      expect(await messageOf(verbs.sockets.list(filter))).to.equal(`cannot list sockets: ${message}`);
    });

  it('suggests the option of network(), and of a verb', () => {
    expect(() => network({ nets: 'blue' } as object)).to.throw(TypeError, /unknown option 'nets'; there are .*; did you mean netns\?$/);
    expect(() => network({ namespace: 'blue' } as object)).to.throw(TypeError, /unknown option 'namespace'; .*; did you mean netns\?$/);
    expect(() => verbs.links.list({}, { timout: 5 })).to.throw(TypeError, /unknown option 'timout'; .*; did you mean timeout\?$/);
  });

  for (const [given, message] of OPTIONS)
    it(`explains its options: ${message}`, () => {
      expect(() => network(given as object)).to.throw(TypeError, message);
    });

  it('names the objects of nfnetlink that a fake network does not have', async () => {
    const error: unknown = await firstValueFrom(net.firewall.list()).catch((reason: unknown) => reason);
    expect(String(error)).to.include('the fake network has no firewall (nftables) and no tracked connections');
  });

  it('names an unknown property before a missing one', async () => {
    const request = { ifnam: 'va' } as object;
    const error: unknown = await firstValueFrom(net.clients.link.do('getlink', request)).catch((reason: unknown) => reason);
    expect(String(error)).to.include('ifnam').and.include('did you mean ifname?');
  });

  for (const [run, message] of PARTS)
    it(`shows the call with an object: ${message}`, () => {
      expect(() => run(verbs)).to.throw(TypeError, message);
    });
});
