import fc from 'fast-check';
import type { DocumentLink, LinkLists, NetworkDocument, QdiscTree } from '../../../../../lib/network/documents/document.js';
import type { FirewallTable } from '../../../../../lib/network/firewall/index.js';
import { omitUndefined } from '../../../../../lib/check/index.js';
import { createNamespace } from '../../../../support/namespace.js';
import { acceptedRules } from '../../firewall/rules/loaded-rules.js';
import type { Scene } from '../../firewall/rules/rule-row.js';
import { SCENES as ALL_SCENES } from '../../firewall/rules/rule-scenes.js';

/** Rules that name a link by its index: `nft` prints the name of the link that has it in one namespace, and not in the other. */
const BY_INDEX = /\b(?:dup|fwd) /;

/** Returns the rules of documents that this kernel accepts. */
export function acceptedScenes(): readonly Scene[] {
  const scratch = createNamespace();
  try {
    return ALL_SCENES.map(({ family, chain, rows }) => {
      const texts = rows.flatMap(([, text]) => (BY_INDEX.test(text) ? [] : [text]));
      const accepted = acceptedRules(scratch, family, texts, chain);
      return { family, ...omitUndefined({ chain }), rows: rows.filter(([, text]) => accepted.includes(text)) };
    }).filter(({ rows }) => rows.length > 0);
  } finally {
    scratch.delete();
  }
}

/** The protocol of the routes, rules and nexthops of documents. */
export const PROTOCOL = 99;

/** The names of links. */
export const NAMES = ['br0', 'br1', 'i0', 'i1', 'i2', 'v0', 'x0', 'm0'] as const;
type Name = (typeof NAMES)[number];

const isBridge = (name: Name): boolean => name.startsWith('br');

/** Queues and their trees; the words are those of coverage. */
const QUEUES: Readonly<Record<string, QdiscTree | null>> = {
  none: null,
  pfifo: { handle: '5:', kind: 'pfifo', pfifo: { limit: 77 } },
  bfifo: { handle: '5:', kind: 'bfifo', bfifo: { limit: 9000 } },
  tbf: {
    handle: '1:',
    kind: 'tbf',
    tbf: { rate: '8mbit', burst: '16kib', latency: '50ms' },
    classes: [{ handle: '1:1', kind: 'tbf', qdisc: { handle: '2:', kind: 'bfifo', bfifo: { limit: 5000 } } }],
  },
  htb: {
    handle: '1:',
    kind: 'htb',
    htb: { defaultClass: '1:20' },
    classes: [
      {
        handle: '1:1',
        kind: 'htb',
        htb: { rate: '50mbit' },
        classes: [
          {
            handle: '1:10',
            kind: 'htb',
            htb: { rate: '5mbit', ceil: '50mbit' },
            qdisc: { handle: '10:', kind: 'pfifo', pfifo: { limit: 9 } },
          },
          { handle: '1:20', kind: 'htb', htb: { rate: '1mbit', priority: 3 } },
        ],
      },
    ],
    filters: [
      { priority: 1, kind: 'u32', match: { 'ip.dst': '10.0.0.0/8' }, to: '1:10' },
      { priority: 2, kind: 'u32', match: { 'ip.src': '11.0.0.0/8' }, to: '1:20' },
    ],
  },
};

const HTB = QUEUES['htb']!;

/** The queues, and a tree with a filter less: apart from that, filters go with their queues. */
const WITH_FEWER: Readonly<Record<string, QdiscTree | null>> = {
  ...QUEUES,
  'htb with a filter': { ...HTB, filters: HTB.filters!.slice(0, 1) },
};

/** Entries of a VXLAN. */
const ENTRIES = [5, 6].map((host) => ({ mac: `02:00:00:00:01:0${host}`, on: 'device', remote: `192.0.2.${host}` }) as const);

const SIDES: Readonly<Record<string, LinkLists['clsact']>> = {
  none: null,
  ingress: { kind: 'ingress', ingress: [{ priority: 7, kind: 'u32', match: { 'ip.src': '192.0.2.0/24' }, to: '1:1' }] },
  clsact: {
    ingress: [{ priority: 7, kind: 'u32', match: { 'ip.src': '192.0.2.0/24' }, to: '1:1' }],
    egress: [{ priority: 3, kind: 'u32', match: { 'ip6.dst': '2001:db8::/32' }, to: '1:2' }],
  },
  'clsact with a filter': {
    ingress: [{ priority: 7, kind: 'u32', match: { 'ip.src': '192.0.2.0/24' }, to: '1:1' }],
  },
};

/** The properties of a link; a document states all of them, because a property that is omitted is left alone. */
const link = fc.record({
  isThere: fc.boolean(),
  up: fc.boolean(),
  mtu: fc.constantFrom(1300, 1400, 1500),
  master: fc.constantFrom(null, 'br0', 'br1'),
  hosts: fc.subarray([1, 2, 3]),
  ipv6: fc.boolean(),
  neighbour: fc.boolean(),
  forwarding: fc.boolean(),
  variant: fc.nat(1),
  entries: fc.subarray(ENTRIES),
  queue: fc.constantFrom(...Object.keys(WITH_FEWER)),
  sides: fc.constantFrom(...Object.keys(SIDES)),
});

/** The rules of a chain, by their numbers in the scene, and the contents of the objects that they name. */
const chain = fc.record({
  isThere: fc.boolean(),
  rules: fc.array(fc.nat(200), { maxLength: 9 }),
  isNamed: fc.boolean(),
  policy: fc.constantFrom('accept', 'drop'),
  elements: fc.subarray(['10.0.0.0/24', '10.0.2.1', '10.1.0.5-10.1.0.9']),
  ports: fc.subarray([80, 443, 8080]),
});

/** Numbers from which {@link documentOf} makes a document. */
const drawn = fc.record({
  links: fc.record(Object.fromEntries(NAMES.map((name) => [name, link])) as Record<Name, typeof link>),
  routes: fc.uniqueArray(fc.record({ to: fc.nat(5), over: fc.nat(5), host: fc.constantFrom(9, 10), metric: fc.constantFrom(0, 7) }), {
    maxLength: 8,
    selector: ({ to, metric }) => `${to} ${metric}`,
  }),
  // The kernel creates a nexthop only over a link with a carrier: a pseudo link has one.
  nexthops: fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 7, max: 9 }), over: fc.integer({ min: 2, max: 4 }), host: fc.constantFrom(9, 10) }),
    {
      maxLength: 3,
      selector: ({ id }) => id,
    },
  ),
  rules: fc.subarray([900, 901, 902]),
  chains: fc.array(chain, { minLength: ALL_SCENES.length, maxLength: ALL_SCENES.length }),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;
type DrawnLink = typeof link extends fc.Arbitrary<infer T> ? T : never;
type DrawnChain = typeof chain extends fc.Arbitrary<infer T> ? T : never;

/** The parts that generated documents have used. */
export interface Coverage {
  readonly kinds: Set<string>;
  readonly queues: Set<string>;
  readonly rules: Set<string>;
}

/** Returns the forms of all rules, as `nft` prints them. */
export function ruleForms(scenes: readonly Scene[]): readonly string[] {
  return [...new Set(scenes.flatMap((scene, index) => scene.rows.map(([, text]) => `${index} ${text}`)))];
}

/** The kinds of links and the queues. */
export const KINDS: readonly string[] = ['bridge', 'ifb', 'veth', 'vxlan', 'macvlan'];
export const QUEUE_FORMS: readonly string[] = [...Object.keys(WITH_FEWER), ...Object.keys(SIDES).map((name) => `sides ${name}`)];

function kindOf(name: Name, variant: number): Extract<DocumentLink, { readonly kind: string }> {
  // With the protocol on, the kernel ages in twice the forward delay while the topology changes: here the time is the same.
  if (isBridge(name)) {
    const bridge = variant === 0 ? ({ ageing: '300s', stp: false } as const) : ({ ageing: '60s', forwardDelay: '30s', stp: true } as const);
    return { name, kind: 'bridge', bridge };
  }
  if (name === 'v0') return { name, kind: 'veth', veth: { peer: { name: 'v1' } } };
  // The kernel changes no network of a VXLAN: the link is created again.
  if (name === 'x0') return { name, kind: 'vxlan', vxlan: { id: 5 + variant, port: 4789, learning: false } };
  if (name === 'm0') return { name, kind: 'macvlan', parent: 'i0', macvlan: { mode: variant === 0 ? 'bridge' : 'private' } };
  return { name, kind: 'ifb' };
}

function linkOf(name: Name, drawnLink: DrawnLink, all: Readonly<Record<Name, DrawnLink>>, coverage: Coverage): DocumentLink {
  const { up, mtu, master, hosts, ipv6, neighbour, forwarding, variant, entries, queue, sides } = drawnLink;
  const number = NAMES.indexOf(name);
  const kind = kindOf(name, variant);
  coverage.kinds.add(kind.kind);
  coverage.queues.add(queue).add(`sides ${sides}`);
  // The parent of a macvlan is in no bridge.
  const isPort = !isBridge(name) && name !== 'm0' && name !== 'i0';
  return {
    ...kind,
    up,
    // A macvlan is not larger than its parent.
    mtu: name === 'm0' ? all.i0.mtu : mtu,
    master: !isPort || master === null || !all[master].isThere ? null : master,
    ipv4: { forwarding },
    addresses: [
      ...hosts.map((host) => `10.${number}.0.${host}/24` as const),
      ...(ipv6 ? [{ address: `fd0${number}::1/64` as const, noDad: true }] : []),
    ],
    neighbours: neighbour && up && hosts.length > 0 ? [{ address: `10.${number}.0.66`, mac: '02:00:00:00:00:66' }] : [],
    ...(name === 'x0' && { fdb: entries }),
    qdisc: WITH_FEWER[queue]!,
    clsact: SIDES[sides]!,
  };
}

/** Returns the table of one scene of rules, with the objects that its rules name. */
function tableOf(
  index: number,
  { family, chain: declaration, rows }: Scene,
  { rules, isNamed, policy, elements, ports }: DrawnChain,
  coverage: Coverage,
): FirewallTable {
  const [, type, hook, priority] = /type (\w+) hook (\w+) priority (\w+)/.exec(declaration ?? '') ?? [];
  const formOf = (position: number): string => `${index} ${rows[position]![1]}`;
  // Beside the random ones, some that no document has used yet.
  const unused = [...rows.keys()].filter((position) => !coverage.rules.has(formOf(position))).slice(0, 3);
  const chosen = [...new Set([...rules.map((number) => number % rows.length), ...unused])].map((position) => {
    coverage.rules.add(formOf(position));
    const [rule] = rows[position]!;
    return isNamed ? { ...rule, comment: `rule ${position}` } : rule;
  });
  const base = type === undefined ? {} : { type, hook, priority, policy };
  return {
    family,
    name: `model${index}`,
    sets: [
      { name: 's4', type: 'ipv4_addr', flags: ['dynamic', 'timeout'] },
      { name: 'si', type: 'ipv4_addr', flags: ['interval'], elements },
      { name: 'sm', type: 'mark', flags: ['interval'], elements: ports },
    ],
    maps: [
      { name: 'mk', type: 'ipv4_addr', data: 'mark', flags: ['dynamic', 'timeout'] },
      { name: 'mv', type: 'inet_service', data: 'verdict', elements: ports.map((port) => ({ value: port, data: { jump: 'x' } })) },
    ],
    counters: [{ name: 'k' }],
    chains: [{ name: 'x' }, { name: 'c', ...base, rules: chosen }],
  } as FirewallTable;
}

/** Returns a document that owns all that is compared, and notes what it uses. */
function documentOf({ links, routes, nexthops, rules, chains }: Drawn, scenes: readonly Scene[], coverage: Coverage): NetworkDocument {
  const isThere = (name: Name): boolean => links[name].isThere && (name !== 'm0' || links.i0.isThere);
  const there = NAMES.filter(isThere);
  const carries = (over: number): boolean => {
    const name = NAMES[over]!;
    return isThere(name) && links[name].up && links[name].hosts.length > 0;
  };
  return {
    version: 1,
    links: there.map((name) => linkOf(name, links[name], links, coverage)),
    routes: routes
      .filter(({ over }) => carries(over))
      .map(({ to, over, host, metric }) => ({ to: `10.${100 + to}.0.0/16`, via: `10.${over}.0.${host}`, metric })),
    nexthops: nexthops
      .filter(({ over }) => carries(over))
      .map(({ id, over, host }) => ({ id, link: NAMES[over]!, via: `10.${over}.0.${host}` })),
    rules: rules.map((priority) => ({ priority, from: '10.9.0.0/16', table: 50 })),
    owns: { protocol: PROTOCOL, tables: ['main'], links: { group: 42 } },
    firewall: {
      tables: scenes.map((scene, index) => {
        const one = chains[index]!;
        return one.isThere ? tableOf(index, scene, one, coverage) : { family: scene.family, name: `model${index}`, absent: true };
      }),
    },
  };
}

/** Yields random documents with the rules of scenes. */
export function* randomDocuments(
  parameters: { readonly numRuns: number; readonly seed: number },
  scenes: readonly Scene[],
  coverage: Coverage,
): Generator<NetworkDocument, void, undefined> {
  for (const sample of fc.sample(drawn, parameters)) yield documentOf(sample, scenes, coverage);
}
