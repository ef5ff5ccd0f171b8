import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { one } from '../../support.js';
import { settledPicture } from './picture.js';

/** A state that `ip` makes, a document that changes it or describes it, and what a command prints after it. */
interface Fact {
  readonly scene: readonly string[];
  readonly document: Omit<NetworkDocument, 'version'>;
  readonly command: string;
  readonly expected: RegExp;
}

const PAIR = ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up'];

const WITH_IPV6 = [...PAIR, 'addr add fd01::1/64 dev v0 nodad'];

const FACTS: Readonly<Record<string, Fact>> = {
  'noPrefixRoute of an IPv4 address, which the kernel does not change in place': {
    scene: [...PAIR, 'addr add 10.1.0.1/24 dev v0'],
    document: { links: [{ name: 'v0', addresses: [{ address: '10.1.0.1/24', noPrefixRoute: true }] }] },
    command: '-4 addr show v0',
    expected: /10\.1\.0\.1\/24 scope global noprefixroute/,
  },
  'the MTU of an IPv6 route, which follows that of the link': {
    scene: [...PAIR, 'addr add fd01::1/64 dev v0 nodad', 'route add fd09::/64 via fd01::9 mtu 1400'],
    document: { links: [{ name: 'v0', mtu: 1350 }], routes: [{ to: 'fd09::/64', via: 'fd01::9', protocol: 'boot', mtu: 1400 }] },
    command: '-6 route show fd09::/64',
    expected: /via fd01::9 dev v0 .*mtu 1400/,
  },
  'the forwarding of a link, and leave the routes of a router alone': {
    scene: [...WITH_IPV6, 'route add fd09::/64 via fd01::9 proto ra'],
    document: { links: [{ name: 'v0', ipv4: { forwarding: true } }] },
    command: '-6 route show proto ra',
    expected: /^fd09::\/64 via fd01::9 dev v0/,
  },
  'flags and the MAC address of a link, which keeps its IPv6 addresses': {
    scene: WITH_IPV6,
    document: { links: [{ name: 'v0', arp: false, multicast: false, mac: '02:00:00:00:00:77' }] },
    command: '-6 addr show v0',
    expected: /NOARP.*\n *inet6 fd01::1\/64 scope global/,
  },
  'the lifetime of an IPv6 address, which the route of its prefix takes over': {
    scene: [...PAIR, 'addr add fd01::1/64 dev v0 nodad valid_lft 600 preferred_lft 300'],
    document: { links: [{ name: 'v0', addresses: [{ address: 'fd01::1/64', noDad: true, valid: null, preferred: null }] }] },
    command: '-6 route show fd01::/64',
    expected: /^fd01::\/64 dev v0 proto kernel metric 256 pref medium\s*$/,
  },
  'a gateway behind an address without a route to its prefix': {
    scene: PAIR,
    document: {
      links: [{ name: 'v0', addresses: [{ address: '10.4.0.1/24', noPrefixRoute: true }] }],
      routes: [
        { to: '10.9.0.0/16', via: '10.4.0.9' },
        { to: '10.4.0.0/24', link: 'v0' },
      ],
    },
    command: 'route show 10.9.0.0/16',
    expected: /via 10\.4\.0\.9 dev v0/,
  },
  'the gateway of an IPv6 route, which has one without a gateway beside it': {
    scene: [...WITH_IPV6, 'route add fd09::/64 via fd01::9', 'route append fd09::/64 dev v1'],
    document: { routes: [{ to: 'fd09::/64', via: 'fd01::8', protocol: 'boot' }] },
    command: '-6 route show fd09::/64',
    expected: /^fd09::\/64 via fd01::8 dev v0 .*\nfd09::\/64 dev v1 /,
  },
  'one gateway in place of several of an IPv6 route, and leave another metric alone': {
    scene: [...WITH_IPV6, 'route add fd09::/64 nexthop via fd01::8 nexthop via fd01::9', 'route add fd09::/64 via fd01::6 metric 7'],
    document: { routes: [{ to: 'fd09::/64', via: 'fd01::7', protocol: 'boot' }] },
    command: '-6 route show fd09::/64',
    expected: /^fd09::\/64 via fd01::6 dev v0 metric 7 .*\nfd09::\/64 via fd01::7 dev v0 metric 1024 pref medium\s*$/,
  },
  'hops over a link that is down': {
    scene: [
      ...PAIR,
      'link add w0 type veth peer name w1',
      'link set w0 up',
      'link set w1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.2.0.1/24 dev w0',
      'route add 10.9.0.0/16 proto static nexthop via 10.1.0.9 nexthop via 10.2.0.9',
      'link set w0 down',
    ],
    document: { routes: [{ to: '10.9.0.0/16', hops: [{ via: '10.1.0.9' }, { via: '10.2.0.9' }] }] },
    command: 'route show 10.9.0.0/16',
    expected: /via 10\.1\.0\.9 .*\n.*via 10\.2\.0\.9 dev w0 .*dead linkdown/,
  },
  'a route over a group of one nexthop, which the kernel reports with the gateway': {
    scene: [...PAIR, 'addr add 10.1.0.1/24 dev v0'],
    document: {
      nexthops: [
        { id: 7, via: '10.1.0.7', link: 'v0' },
        { id: 9, group: [{ id: 7 }] },
      ],
      routes: [{ to: '10.9.0.0/16', nexthop: 9 }],
    },
    command: 'route show 10.9.0.0/16',
    expected: /nhid 9 via 10\.1\.0\.7/,
  },
  'rules that differ in their tables alone, and delete one of them': {
    scene: ['rule add priority 900 from 10.9.0.0/16 table 50', 'rule add priority 900 from 10.9.0.0/16 table 51'],
    document: {
      rules: [
        { priority: 900, from: '10.9.0.0/16', table: 50, absent: true },
        { priority: 900, from: '10.9.0.0/16', table: 51 },
        { priority: 900, from: '10.9.0.0/16', table: 52 },
        { priority: 901, from: '10.8.0.0/16', goto: 950 },
      ],
    },
    command: 'rule show from 10.9.0.0/16',
    expected: /^900:.*lookup 51\s*\n900:.*lookup 52/,
  },
  'the MAC address of a bridge, which follows its ports until one is set': {
    scene: ['link add w0 address 02:00:00:00:00:07 type veth peer name w1', 'link add br0 type bridge', 'link set w0 master br0'],
    document: {
      links: [
        { name: 'br0', mac: '02:00:00:00:00:09' },
        { name: 'w0', master: 'br0', mac: '02:00:00:00:00:05' },
      ],
    },
    command: 'link show br0',
    expected: /link\/ether 02:00:00:00:00:09/,
  },
};

/** Documents that the kernel rejects, with the state before, and the place and the code of the error. */
const REFUSED: Readonly<Record<string, Pick<Fact, 'scene' | 'document'> & { readonly path: string; readonly code: string }>> = {
  'an IPv6 address of a link without IPv6': {
    scene: [...PAIR, 'link set v0 mtu 1200'],
    document: {
      links: [
        { name: 'v1', mtu: 1400 },
        { name: 'v0', addresses: ['fd01::1/64'] },
      ],
    },
    path: 'links[1].addresses[0]',
    code: 'EINVAL',
  },
  'an address of another scope than the first of its subnet': {
    scene: [...PAIR, 'addr add 10.1.0.1/24 dev v0'],
    document: { links: [{ name: 'v0', mtu: 1400, addresses: ['10.1.0.1/24', { address: '10.1.0.2/24', scope: 'link' }] }] },
    path: 'links[0].addresses[1]',
    code: 'EINVAL',
  },
};

async function inScene(scene: readonly string[], run: (namespace: Namespace, net: Network) => Promise<void>): Promise<void> {
  const namespace = createNamespace();
  const net = network({ netns: namespace.path });
  try {
    // Settings of /proc follow the commands of `ip`.
    namespace.batch(scene.filter((line) => !line.startsWith('net.')));
    for (const setting of scene.filter((line) => line.startsWith('net.'))) namespace.run('sysctl', '-qw', setting);
    await run(namespace, net);
  } finally {
    net.close();
    namespace.delete();
  }
}

describe('documents, as the kernel behaves', () => {
  useNamespace();

  for (const [title, { scene, document, command, expected }] of Object.entries(FACTS))
    it(`apply ${title}, and find no difference afterwards`, () =>
      inScene(scene, async (namespace, net) => {
        await one(net.apply({ version: 1, ...document }));
        expect(namespace.ip(command)).to.match(expected);
        expect((await one(net.plan({ version: 1, ...document }))).text).to.equal('');
      }));

  for (const [title, { scene, document, path, code }] of Object.entries(REFUSED))
    it(`name the place of ${title}, and change nothing`, () =>
      inScene(scene, async (namespace, net) => {
        const before = await settledPicture(namespace);
        const error: unknown = await one(net.apply({ version: 1, ...document })).catch((reason: unknown) => reason);
        if (!isApplyError(error)) throw error;
        expect({ path: error.path, code: error.code, undone: error.undone }).to.deep.equal({ path, code, undone: true });
        expect(await settledPicture(namespace)).to.deep.equal(before);
      }));

  it('create a link again on a parent here whose own parent has moved to another namespace', () =>
    inScene(['link add v0 type veth peer name v1', 'link add link v0 name m0 type macvlan mode bridge'], async (namespace, net) => {
      const other = createNamespace();
      try {
        namespace.ip(`link set v0 netns ${other.name ?? /\d+/.exec(other.path)![0]}`);
        const document = (parent: string) => ({ version: 1, links: [{ name: 'm0', kind: 'macvlan', parent }] }) as const;
        expect(await one(net.plan(document('v0'))).catch((error: unknown) => error)).to.include({ path: 'links[0].parent' });
        expect((await one(net.plan(document('v1')))).text).to.equal('~ link m0: parent none -> v1 (deleted and created again)');
        await one(net.apply(document('v1')));
        expect(namespace.ip('link show m0')).to.contain('m0@v1');
      } finally {
        other.delete();
      }
    }));
});
