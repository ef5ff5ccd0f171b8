import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { isNetworkError } from '../../../../../lib/network/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../../support/namespace.js';
import { countWrites } from '../../support.js';

const PAIR = { name: 'w0', kind: 'veth', veth: { peer: { name: 'w1' } } };
const redirect = { kind: 'mirred', mode: 'redirect', direction: 'egress' };

/** Documents that the kernel would refuse while they are written: the path, the reason and a part of the text. */
const CASES: readonly (readonly [title: string, document: object, path: string, reason: string, text: string])[] = [
  [
    'a master that neither exists nor is listed',
    { links: [{ name: 'v0', master: 'br7' }] },
    'links[0].master',
    'unknown-name',
    "no link is named 'br7', and the document creates none",
  ],
  [
    'a master of a kind without ports',
    { links: [{ name: 'v0', master: 'v2' }] },
    'links[0].master',
    'unsupported',
    'v0 cannot be a port of v2: it takes no ports; a bridge, bond, team or vrf does',
  ],
  [
    'a new master of a kind without ports',
    { links: [{ name: 'v0', master: 'w0' }, PAIR] },
    'links[0].master',
    'unsupported',
    'it takes no ports',
  ],
  ['the loopback link as master', { links: [{ name: 'v0', master: 'lo' }] }, 'links[0].master', 'unsupported', 'it takes no ports'],
  [
    'the loopback link as port',
    { links: [{ name: 'lo', master: 'br0' }] },
    'links[0].master',
    'unsupported',
    'the loopback link has no master',
  ],
  [
    'a bridge in a bridge',
    {
      links: [
        { name: 'br0', master: 'br1' },
        { name: 'br1', kind: 'bridge' },
      ],
    },
    'links[0].master',
    'unsupported',
    "br0 cannot be a port of br1: both have kind 'bridge'; use a veth",
  ],
  [
    'a bridge in itself by an alternative name',
    { links: [{ name: 'br0', kind: 'bridge', master: 'altbr' }] },
    'links[0].master',
    'unsupported',
    "both have kind 'bridge'",
  ],
  [
    'a port that stands on its master',
    { links: [{ name: 'm0', kind: 'macvlan', parent: 'br0', master: 'br0' }] },
    'links[0].master',
    'unsupported',
    'm0 cannot be a port of br0: it stands on br0',
  ],
  [
    'a port that stands on a link on its master',
    {
      links: [
        { name: 'm1', kind: 'macvlan', parent: 'm0', master: 'br0' },
        { name: 'm0', kind: 'macvlan', parent: 'br0' },
      ],
    },
    'links[0].master',
    'unsupported',
    'm1 cannot be a port of br0: it stands on br0',
  ],
  [
    'settings of a port without a master',
    { links: [{ name: 'v2', bridgePort: { cost: 7 } }] },
    'links[0].bridgePort',
    'invalid',
    "the link has no master of kind 'bridge'; set master to one",
  ],
  [
    'settings of a port of another master',
    { links: [{ name: 'v0', master: 'br0', bondPort: { queue: 1 } }] },
    'links[0].bondPort',
    'invalid',
    "the link has no master of kind 'bond'; set master to one",
  ],
  [
    'settings of a port that leaves its master',
    { links: [{ name: 'p0', master: null, bridgePort: { cost: 7 } }] },
    'links[0].bridgePort',
    'invalid',
    "the link has no master of kind 'bridge'",
  ],
  [
    'an option that names a missing link',
    { links: [{ name: 'p0', bridgePort: { backupPort: 'v7' } }] },
    'links[0].bridgePort.backupPort',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a hop over a missing link',
    { routes: [{ to: '10.9.0.0/16', hops: [{ via: '10.1.0.9' }, { link: 'v7' }] }] },
    'routes[0].hops[1].link',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a redirection to a missing link',
    { links: [{ name: 'v0', clsact: { ingress: [{ kind: 'u32', priority: 1, actions: [{ ...redirect, link: 'v7' }] }] } }] },
    'links[0].clsact.ingress[0].actions[0].link',
    'unknown-name',
    "no link is named 'v7', and the document creates none",
  ],
  [
    'a redirection to a link that is deleted',
    {
      links: [
        { name: 'v2', absent: true },
        { name: 'v0', clsact: { ingress: [{ kind: 'u32', priority: 1, actions: [{ ...redirect, link: 'v2' }] }] } },
      ],
    },
    'links[1].clsact.ingress[0].actions[0].link',
    'unknown-name',
    "no link is named 'v2'",
  ],
  [
    'one link by its name and its alternative name',
    { links: [{ name: 'br0' }, { name: 'altbr' }] },
    'links[1]',
    'ambiguous',
    'selects link br0, as links[0] does',
  ],
  [
    'a route in the table of a VRF that does not exist',
    { routes: [{ to: '10.9.0.0/16', via: '10.1.0.9', table: 'blue' }] },
    'routes[0].table',
    'unknown-name',
    "no routing table is named 'blue'",
  ],
  [
    'a jump to a missing chain',
    { firewall: { tables: [{ family: 'ip', name: 't', chains: [{ name: 'c', rules: [{ then: { jump: 'd' } }] }] }] } },
    'firewall.tables[0].chains[0].rules[0].then.jump',
    'unknown-name',
    "the table has no chain 'd'",
  ],
];

/** A process that does not exist: PID_MAX_LIMIT. */
const NO_PROCESS = { pid: 2 ** 22 };

const KERNEL_ROUTE = 'the kernel makes its routes with addresses; list the address of the link in place of the route';

const PLACES: typeof CASES = [
  [
    'a route of the kernel',
    {
      routes: [
        { to: '10.0.0.0/8', link: 'br0' },
        { to: '10.1.0.0/16', link: 'br0', protocol: 'kernel' },
      ],
    },
    'routes[1].protocol',
    'invalid',
    KERNEL_ROUTE,
  ],
  [
    'a route of the kernel that the document takes over, by the number of the protocol',
    { routes: [{ to: '10.1.0.0/16', link: 'v0', protocol: 2, takeOver: true }] },
    'routes[0].protocol',
    'invalid',
    KERNEL_ROUTE,
  ],
  [
    'a route of the kernel that the document takes over',
    { routes: [{ to: '10.9.0.0/24', link: 'br0', takeOver: true }] },
    'routes[0].takeOver',
    'conflict',
    KERNEL_ROUTE,
  ],
  [
    'a route over a nexthop that neither exists nor is listed',
    {
      routes: [
        { to: '10.1.0.0/16', nexthop: 7 },
        { to: '10.2.0.0/16', nexthop: 99 },
      ],
    },
    'routes[1].nexthop',
    'unknown-name',
    'no nexthop has the id 99, and the document lists none',
  ],
  [
    'a group of a nexthop that neither exists nor is listed',
    {
      nexthops: [
        { id: 9, group: [{ id: 8 }, { id: 7 }, { id: 98 }] },
        { id: 8, link: 'br0' },
      ],
    },
    'nexthops[0].group[2].id',
    'unknown-name',
    'no nexthop has the id 98, and the document lists none',
  ],
  [
    'a link in the network namespace of a process that does not exist',
    { links: [{ name: 'm0', kind: 'macvlan', parent: 'v0', netns: NO_PROCESS }] },
    'links[0].netns',
    'missing',
    `process ${NO_PROCESS.pid} does not exist, or /proc does not show it`,
  ],
  [
    'a peer in the network namespace of a process that does not exist',
    { links: [{ name: 'w0', kind: 'veth', veth: { peer: { name: 'w1', netns: NO_PROCESS } } }] },
    'links[0].veth.peer.netns',
    'missing',
    `process ${NO_PROCESS.pid} does not exist, or /proc does not show it`,
  ],
  [
    'a link in a network namespace without a file',
    { links: [{ name: 'w0', kind: 'veth', veth: { peer: { name: 'w1', netns: '/nowhere/blue' } } }] },
    'links[0].veth.peer.netns',
    'missing',
    "there is no file '/nowhere/blue'",
  ],
];

describe('network().plan: references', function () {
  let namespace: Namespace;
  let net: Network;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
    namespace = createNamespace();
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link add v2 type veth peer name v3',
      'link add br0 type bridge',
      'link property add dev br0 altname altbr',
      'link add p0 type veth peer name p1',
      'link set p0 master br0',
      'link set br0 up',
      'addr add 10.9.0.1/24 dev br0',
      'nexthop add id 7 blackhole',
    ]);
    net = network({ netns: namespace.path });
  });

  after(() => {
    net?.close();
    namespace?.delete();
  });

  for (const [title, document, path, reason, text] of [...CASES, ...PLACES])
    it(`rejects ${title}, and writes nothing`, async () => {
      let error: unknown;
      const writes = await countWrites(async () => {
        error = await lastValueFrom(net.plan({ version: 1, ...document })).catch((caught: unknown) => caught);
      });
      if (!isNetworkError(error)) throw new Error('the document was accepted');
      expect([error.path, error.reason, writes]).to.deep.equal([path, reason, 0]);
      expect(error.message).to.include(`cannot plan document: ${path}: `).and.to.include(text);
    });

  it('creates a link before those that name it by its alternative name', async () => {
    const links = [
      { name: 'm9', kind: 'macvlan', parent: 'alt9' },
      { name: 'a9', kind: 'bridge', altnames: ['alt9'] },
    ] as const;
    const { differences } = await lastValueFrom(net.apply({ version: 1, links }));
    expect(differences.map(({ text }) => text)).to.deep.equal(['+ link a9', '+ link m9']);
    await lastValueFrom(net.apply({ version: 1, links: links.map(({ name }) => ({ name, absent: true })) }));
  });

  it('accepts ports of masters that take them', async () => {
    const { text } = await lastValueFrom(
      net.plan({
        version: 1,
        links: [
          { name: 'v0', master: 'altbr', bridgePort: { cost: 7 } },
          { name: 'br1', kind: 'bridge' },
          { name: 'm0', kind: 'macvlan', parent: 'br0', master: 'br1' },
        ],
      }),
    );
    expect(text.split('\n')).to.have.members(['+ link br1', '+ link m0', '~ link v0: master none -> br0, bridgePort.cost none -> 7']);
  });
});
