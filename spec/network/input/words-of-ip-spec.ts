import { expect } from 'chai';
import { firstValueFrom, type Observable } from 'rxjs';
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

type Verb = 'add' | 'change' | 'find' | 'get' | 'list' | 'watch';

describe('network() with arguments in the words of other programs', () => {
  const net = network(fakeNetwork().options);
  const verbs = net as unknown as Verbs;
  after(() => net.close());

  async function messageOf(verb: Observable<unknown>): Promise<string> {
    const error: unknown = await firstValueFrom(verb).catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'invalid')) throw error;
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
    expect(() => verbs.links.list({}, { timout: 5 })).to.throw(TypeError, /unknown option 'timout'; .*; did you mean timeout\?$/);
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
