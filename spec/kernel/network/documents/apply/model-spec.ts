import { expect } from 'chai';
import fc from 'fast-check';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { fuzzParameters } from '../../../../support/fuzz.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { one } from '../../support.js';

const NAMES = ['br0', 'br1', 'i0', 'i1', 'i2', 'v0'] as const;
const PROTOCOL = 99;

/** The properties of a link; a document states all of them, because a property that is omitted is left alone. */
const link = fc.record({
  isThere: fc.boolean(),
  up: fc.boolean(),
  mtu: fc.constantFrom(1300, 1400, 1500),
  master: fc.constantFrom(null, 'br0', 'br1'),
  hosts: fc.subarray([1, 2, 3]),
  ipv6: fc.boolean(),
  neighbour: fc.boolean(),
});

const drawn = fc.record({
  links: fc.record(Object.fromEntries(NAMES.map((name) => [name, link])) as Record<(typeof NAMES)[number], typeof link>),
  routes: fc.uniqueArray(fc.record({ to: fc.nat(5), over: fc.nat(5), host: fc.constantFrom(9, 10), metric: fc.constantFrom(0, 7) }), {
    maxLength: 8,
    selector: ({ to, metric }) => `${to} ${metric}`,
  }),
  rules: fc.subarray([900, 901, 902]),
});

/** Returns a document that owns all that is compared. */
function documentOf({ links, routes, rules }: typeof drawn extends fc.Arbitrary<infer T> ? T : never): NetworkDocument {
  const there = NAMES.filter((name) => links[name].isThere);
  const isBridge = (name: string): boolean => name.startsWith('br');
  return {
    version: 1,
    links: there.map((name) => {
      const { up, mtu, master, hosts, ipv6, neighbour } = links[name];
      const number = NAMES.indexOf(name);
      const kind = isBridge(name)
        ? ({ kind: 'bridge' } as const)
        : name === 'v0'
          ? ({ kind: 'veth', veth: { peer: { name: 'v1' } } } as const)
          : ({ kind: 'ifb' } as const);
      return {
        name,
        ...kind,
        up,
        mtu,
        master: isBridge(name) || master === null || !links[master].isThere ? null : master,
        addresses: [...hosts.map((host) => `10.${number}.0.${host}/24`), ...(ipv6 ? [{ address: `fd0${number}::1/64`, noDad: true }] : [])],
        neighbours: neighbour && up && hosts.length > 0 ? [{ address: `10.${number}.0.66`, mac: '02:00:00:00:00:66' }] : [],
      };
    }),
    routes: routes
      .filter(({ over }) => links[NAMES[over]!].isThere && links[NAMES[over]!].up && links[NAMES[over]!].hosts.length > 0)
      .map(({ to, over, host, metric }) => ({ to: `10.${100 + to}.0.0/16`, via: `10.${over}.0.${host}`, metric })),
    rules: rules.map((priority) => ({ priority, from: '10.9.0.0/16', table: 50 })),
    owns: { protocol: PROTOCOL, tables: ['main'], links: { group: 42 } },
  };
}

const COMMANDS = ['ip -j addr', `ip -j route show table all proto ${PROTOCOL}`, 'ip -j rule', 'ip -j neigh show nud permanent'];

/** Returns the objects that documents describe, as `ip` prints them. */
function stateOf(namespace: Namespace): unknown {
  const output = namespace.run('sh', '-c', COMMANDS.map((command) => `${command}; echo; echo ----`).join('\n'));
  const [links, routes, rules, neighbours] = output
    .split('\n----\n')
    .map((text) => (text.trim() === '' ? [] : JSON.parse(text)) as Shown[]);
  const sorted = (lines: readonly unknown[]): readonly string[] => lines.map((line) => JSON.stringify(line)).sort();
  return {
    links: sorted(
      links!
        .filter(({ ifname }) => ifname !== 'v1')
        .map(({ ifname, mtu, master, flags, group, addr_info = [] }) => ({
          ...{ ifname, mtu, master, group },
          up: flags?.includes('UP'),
          addresses: sorted(addr_info.map(({ local, prefixlen }) => ({ local, prefixlen }))),
        })),
    ),
    routes: sorted(routes!.map(({ dst, gateway, dev, metric, protocol }) => ({ dst, gateway, dev, metric, protocol }))),
    rules: sorted(rules!),
    neighbours: sorted(neighbours!),
  };
}

interface Shown {
  readonly [name: string]: unknown;
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly addr_info?: readonly Shown[];
}

describe('network().apply of random documents', function () {
  this.timeout(600_000);
  useNamespace();
  let namespace: Namespace;
  let net: Network;
  before(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
  });
  after(() => {
    net?.close();
    namespace?.delete();
  });

  it('makes the same of any state as of an empty namespace', async function () {
    const documents = fc.sample(drawn, fuzzParameters(60)).map(documentOf);
    for (const [index, document] of documents.entries()) {
      const place = `document ${index}: ${JSON.stringify(document)}`;
      await one(net.apply(document)).catch((error: unknown) => {
        throw new Error(place, { cause: error });
      });
      const fresh = createNamespace();
      const other = network({ netns: fresh.path });
      try {
        await one(other.apply(document));
        expect(stateOf(namespace), place).to.deep.equal(stateOf(fresh));
      } finally {
        other.close();
        fresh.delete();
      }
    }
    this.test!.title += ` (${documents.length} documents)`;
  });
});
