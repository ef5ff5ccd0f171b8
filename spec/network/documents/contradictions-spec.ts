import { expect } from 'chai';
import { isNetworkError, parseDocument, type NetworkReason } from '../../../lib/network/index.js';

/** Documents that contradict themselves: the place, the reason, and the text of the error. */
const CONTRADICTIONS: readonly (readonly [title: string, document: object, path: string, text: string, reason?: NetworkReason])[] = [
  [
    'two links of one name',
    { links: [{ name: 'v0' }, { name: 'v0', absent: true }] },
    'links[1].name',
    "'v0' is a name of another link already, at links[0].name",
  ],
  [
    'an alternative name that is the name of another link',
    { links: [{ name: 'v0' }, { name: 'v1', altnames: ['a', 'v0'] }] },
    'links[1].altnames[1]',
    "'v0' is a name of another link already, at links[0].name",
  ],
  [
    'two links with one match',
    {
      links: [
        { name: 'v0', match: { mac: '02:00:00:00:00:0A', kind: 'veth' } },
        { name: 'v1', match: { kind: 'veth', mac: '02:00:00:00:00:0a' } },
      ],
    },
    'links[1].match',
    'selects the same link as links[0].match',
  ],
  [
    'a master that is deleted',
    {
      links: [
        { name: 'v0', master: 'br0' },
        { name: 'br0', absent: true },
      ],
    },
    'links[0].master',
    'the document deletes link br0, at links[1]',
  ],
  [
    'a parent that is deleted',
    {
      links: [
        { name: 'm0', kind: 'macvlan', parent: 'v0' },
        { name: 'v0', absent: true },
      ],
    },
    'links[0].parent',
    'the document deletes link v0, at links[1]',
  ],
  [
    'masters in a circle',
    {
      links: [
        { name: 'a', master: 'b' },
        { name: 'b', master: 'c' },
        { name: 'c', master: 'a' },
      ],
    },
    'links[0].master',
    'the links are masters of each other: a -> b -> c -> a',
  ],
  [
    'a link that is its own parent',
    { links: [{ name: 'a', parent: 'a' }] },
    'links[0].parent',
    'the links are parents of each other: a -> a',
  ],
  [
    'the peer of a pair with another kind',
    {
      links: [
        { name: 'a', kind: 'veth', veth: { peer: { name: 'b' } } },
        { name: 'b', kind: 'bridge' },
      ],
    },
    'links[1].kind',
    'is bridge, and the link is the peer of a, which has kind veth, at links[0]',
  ],
  [
    'two pairs with one peer',
    {
      links: [
        { name: 'a', kind: 'veth', veth: { peer: { name: 'x' } } },
        { name: 'b', kind: 'veth', veth: { peer: { name: 'x' } } },
      ],
    },
    'links[1].veth.peer.name',
    'link x is the peer of a already, at links[0]',
  ],
  [
    'a peer with another peer',
    {
      links: [
        { name: 'a', kind: 'veth', veth: { peer: { name: 'b' } } },
        { name: 'b', kind: 'veth', veth: { peer: { name: 'c' } } },
      ],
    },
    'links[1].veth.peer.name',
    'is c, and the link is the peer of a, at links[0]',
  ],
  [
    'an address twice on a link',
    { links: [{ name: 'v0', addresses: ['fd01::1/64', '10.0.0.1/24', { address: 'fd01::1/128' }] }] },
    'links[0].addresses[2]',
    'address fd01::1/128 on v0 is listed already, at links[0].addresses[0]',
  ],
  [
    'a neighbour twice',
    {
      links: [
        {
          name: 'v0',
          neighbours: [
            { address: '10.0.0.9', mac: '02:00:00:00:00:01' },
            { address: '10.0.0.9', mac: '02:00:00:00:00:02' },
          ],
        },
      ],
    },
    'links[0].neighbours[1]',
    'neighbour 10.0.0.9 on v0 is listed already, at links[0].neighbours[0]',
  ],
  [
    'two routes of one place',
    {
      routes: [
        { to: '10.0.0.0/8', via: '10.1.0.1' },
        { to: '10.0.0.0/8', via: '10.1.0.2', table: 'main', metric: 0 },
      ],
    },
    'routes[1]',
    'route 10.0.0.0/8 via 10.1.0.2 is listed already, at routes[0]',
  ],
  [
    'a route that shall exist and shall not',
    {
      routes: [
        { to: '10.0.0.0/8', via: '10.1.0.1' },
        { to: '10.0.0.0/8', absent: true },
      ],
    },
    'routes[1]',
    'route 10.0.0.0/8 is listed already, at routes[0]',
  ],
  [
    'one rule twice',
    {
      rules: [
        { priority: 5, from: '10.0.0.0/8', table: 77 },
        { priority: 5, from: '10.0.0.0/8', family: 4, action: 'lookup', table: 77 },
      ],
    },
    'rules[1]',
    'rule 5 from 10.0.0.0/8 lookup 77 is listed already, at rules[0]',
  ],
  [
    'one nexthop twice',
    {
      nexthops: [
        { id: 7, blackhole: true, family: 4 },
        { id: 7, absent: true },
      ],
    },
    'nexthops[1]',
    'nexthop 7 is listed already, at nexthops[0]',
  ],
  [
    'a route over a nexthop that is deleted',
    { nexthops: [{ id: 7, absent: true }], routes: [{ to: '10.0.0.0/8', nexthop: 7 }] },
    'routes[0].nexthop',
    'the document deletes nexthop 7',
  ],
  [
    'a group of a nexthop that is deleted',
    {
      nexthops: [
        { id: 7, absent: true },
        { id: 8, group: [{ id: 7 }] },
      ],
    },
    'nexthops[1].group[0].id',
    'the document deletes nexthop 7',
  ],
  [
    'a route over a link that is deleted',
    { links: [{ name: 'v0', absent: true }], routes: [{ to: '10.0.0.0/8', hops: [{ via: '10.1.0.1' }, { link: 'v0' }] }] },
    'routes[0].hops[1].link',
    'the document deletes link v0, at links[0]',
  ],
  [
    'a nexthop over a link that is deleted',
    { links: [{ name: 'v0', absent: true }], nexthops: [{ id: 7, link: 'v0', family: 4 }] },
    'nexthops[0].link',
    'the document deletes link v0, at links[0]',
  ],
  [
    'a route of another protocol than the owned one',
    { owns: { protocol: 111 }, routes: [{ to: '10.0.0.0/8', via: '10.1.0.1', protocol: 'static' }] },
    'routes[0].protocol',
    'is static, and the document owns protocol 111; omit it here',
  ],
  [
    'masters in a circle by an alternative name',
    {
      links: [
        { name: 'br0', kind: 'bridge', altnames: ['lan'], master: 'br1' },
        { name: 'br1', kind: 'bridge', master: 'lan' },
      ],
    },
    'links[0].master',
    'the links are masters of each other: br0 -> br1 -> lan',
  ],
  ['tables without a protocol', { owns: { tables: [77] } }, 'owns.tables', 'needs a protocol beside it', 'invalid'],
  [
    'a protocol that belongs to others',
    { owns: { protocol: 'dhcp' } },
    'owns.protocol',
    "routes of protocol 'dhcp' are not the caller's; take a number of your own",
    'invalid',
  ],
  [
    'the group of all links',
    { owns: { links: { group: 0 } } },
    'owns.links.group',
    'every link is in group 0 at first; take another number',
    'invalid',
  ],
  [
    'more than the name of a link that shall not exist',
    { links: [{ name: 'v0', absent: true, mtu: 1400 }] },
    'links[0].mtu',
    'is not valid beside absent; only name and match are',
    'invalid',
  ],
  ['absent: false', { links: [{ name: 'v0', absent: false }] }, 'links[0].absent', 'expected true; omit the property otherwise', 'invalid'],
  [
    'a link in a namespace that is deleted',
    { links: [{ name: 'm0', kind: 'macvlan', parent: 'v0', netns: 'blue' }], namespaces: { blue: null } },
    'links[0].netns',
    "the document deletes the network namespace 'blue'",
  ],
  [
    'a peer in a namespace that is deleted',
    { links: [{ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns: 'blue' } } }], namespaces: { blue: null } },
    'links[0].veth.peer.netns',
    "the document deletes the network namespace 'blue'",
  ],
  [
    'namespaces in the document of a namespace',
    { namespaces: { blue: { version: 1, namespaces: {} } } },
    'namespaces.blue.namespaces',
    'the document of a namespace has no namespaces; list them in the outer document',
    'invalid',
  ],
  [
    'the lists of a link in another namespace',
    { links: [{ name: 'm0', kind: 'macvlan', parent: 'v0', netns: 'blue', addresses: [] }] },
    'links[0].addresses',
    'the link is in another network namespace; list it in the document of that namespace too, with its lists',
    'invalid',
  ],
];

describe('parseDocument: contradictions', () => {
  for (const [title, document, path, text, reason = 'conflict'] of CONTRADICTIONS) {
    it(`rejects ${title}`, () => {
      let error: unknown;
      try {
        parseDocument({ version: 1, ...document });
      } catch (caught) {
        error = caught;
      }
      if (!isNetworkError(error)) throw error ?? new Error('the document was accepted');
      expect([error.reason, error.path, error.message]).to.deep.equal([reason, path, `cannot parse document: ${path}: ${text}`]);
    });
  }

  it('accepts one route in two tables, one rule with two tables, and both ends of a pair', () => {
    const document = {
      version: 1,
      links: [
        { name: 'a', kind: 'veth', veth: { peer: { name: 'b' } } },
        { name: 'b', kind: 'veth', veth: { peer: { name: 'a' } } },
      ],
      routes: [
        { to: '10.0.0.0/8', via: '10.1.0.1' },
        { to: '10.0.0.0/8', via: '10.1.0.1', table: 77 },
        { to: '10.0.0.0/8', via: '10.1.0.1', metric: 5 },
        { to: '10.0.0.0/8', via: '10.1.0.1', tos: 16 },
      ],
      rules: [
        { priority: 5, from: '10.0.0.0/8', table: 77 },
        { priority: 5, from: '10.0.0.0/8', table: 78 },
      ],
    };
    expect(parseDocument(document)).to.equal(document);
  });
});
