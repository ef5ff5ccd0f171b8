/** Makes random numbers; the same seed gives the same numbers (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The number of veth pairs that are added and deleted. */
const PAIRS = 6;

/** The commands that set the namespace up. */
export const SETUP: readonly string[] = [
  ...Array.from({ length: PAIRS }, (_, index) => [
    `link add a${String(index)} type veth peer name b${String(index)}`,
    `link set a${String(index)} up`,
    `link set b${String(index)} up`,
    `addr add 10.${String(index)}.0.1/16 dev a${String(index)}`,
    `addr add fd0${String(index)}::1/64 dev a${String(index)} nodad`,
  ]).flat(),
  'link add br0 type bridge',
  'link set br0 up',
];

type Random = (below: number) => number;
type Maker = (random: Random) => string;

const pick = <T>(random: Random, choices: readonly T[]): T => choices[random(choices.length)]!;
const pair = (random: Random): string => String(random(PAIRS));
const link = (random: Random): string => `${pick(random, ['a', 'b'])}${pair(random)}`;
const gateway4 = (random: Random): string => `10.${pair(random)}.0.${String(2 + random(6))}`;
const gateway6 = (random: Random): string => `fd0${pair(random)}::${String(2 + random(6))}`;

const LINKS: readonly Maker[] = [
  (random) => {
    const name = pair(random);
    return `link add a${name} type veth peer name b${name}`;
  },
  (random) => `link del a${pair(random)}`,
  (random) => `link set ${link(random)} up`,
  (random) => `link set ${link(random)} up`,
  (random) => `link set ${link(random)} up`,
  (random) => `link set ${link(random)} down`,
  (random) => `link set ${link(random)} mtu ${String(1300 + random(200))}`,
  (random) => `link set ${link(random)} alias note${String(random(100))}`,
  (random) => `link set ${link(random)} txqueuelen ${String(random(1000))}`,
  (random) => `link set b${pair(random)} master br0`,
  (random) => `link set b${pair(random)} nomaster`,
  () => 'link set br0 down',
  () => 'link set br0 up',
];

const ADDRESSES: readonly Maker[] = [
  (random) => `addr add 10.${pair(random)}.0.1/${pick(random, ['8', '16', '24'])} dev ${link(random)}`,
  (random) => `addr del 10.${pair(random)}.0.1/${pick(random, ['8', '16', '24'])} dev ${link(random)}`,
  (random) => `addr add 10.9.0.1 peer 10.9.0.${String(2 + random(5))}/32 dev ${link(random)}`,
  (random) => `addr del 10.9.0.1 peer 10.9.0.${String(2 + random(5))}/32 dev ${link(random)}`,
  (random) => `addr add fd0${pair(random)}::${String(random(5))}/64 dev ${link(random)} nodad`,
  (random) => `addr del fd0${pair(random)}::${String(random(5))}/64 dev ${link(random)}`,
  (random) => `addr change 10.${pair(random)}.0.1/16 dev ${link(random)} valid_lft 9000 preferred_lft ${String(1000 + random(8000))}`,
];

const verb = (random: Random): string => pick(random, ['add', 'add', 'replace', 'replace', 'append', 'prepend', 'del', 'del']);
const target4 = (random: Random): string => `10.${String(100 + random(20))}.${String(random(20))}.0/24`;
const target6 = (random: Random): string => `fd${String(20 + random(20))}:${String(random(20))}::/64`;
const metric = (random: Random): string => pick(random, ['', '', ' metric 5', ' metric 6']);

const ROUTES: readonly Maker[] = [
  (random) => `route ${verb(random)} ${target4(random)} via ${gateway4(random)}${metric(random)}`,
  (random) => `route ${verb(random)} ${target4(random)} dev ${link(random)}${metric(random)}`,
  (random) => `route ${verb(random)} ${target4(random)} nexthop via ${gateway4(random)} nexthop via ${gateway4(random)} weight 3`,
  (random) => `route ${verb(random)} blackhole ${target4(random)}${metric(random)}`,
  (random) => `route ${verb(random)} ${target4(random)} via ${gateway4(random)} table 300 mtu ${String(1300 + random(3))}`,
  (random) => `route ${verb(random)} ${target4(random)} nhid ${String(1 + random(5))}`,
  (random) => `-6 route ${verb(random)} ${target6(random)} via ${gateway6(random)}${metric(random)}`,
  (random) => `-6 route ${verb(random)} ${target6(random)} dev ${link(random)}${metric(random)}`,
  (random) => `-6 route ${verb(random)} ${target6(random)} nexthop via ${gateway6(random)} nexthop via ${gateway6(random)} weight 3`,
  (random) => `-6 route ${verb(random)} unreachable ${target6(random)}`,
  (random) => `-6 route ${verb(random)} ${target6(random)} nhid ${String(11 + random(5))}`,
];

const NEXTHOPS: readonly Maker[] = [
  (random) => `nexthop replace id ${String(1 + random(4))} via ${gateway4(random)} dev ${link(random)}`,
  (random) => `nexthop replace id 5 group ${String(1 + random(4))}/${String(1 + random(4))}`,
  (random) => `nexthop replace id ${String(11 + random(5))} via ${gateway6(random)} dev ${link(random)}`,
  (random) => `nexthop del id ${String(1 + random(16))}`,
];

const state = (random: Random): string => pick(random, ['permanent', 'stale', 'reachable', 'noarp']);
const mac = (random: Random): string => `02:00:00:00:00:${String(10 + random(80))}`;

const NEIGHBOURS: readonly Maker[] = [
  (random) => `neigh replace 10.0.7.${String(random(200))} lladdr ${mac(random)} dev ${link(random)} nud ${state(random)}`,
  (random) => `neigh del 10.0.7.${String(random(200))} dev ${link(random)}`,
  (random) => `neigh replace fd00::7:${String(random(100))} lladdr ${mac(random)} dev ${link(random)} nud ${state(random)}`,
  (random) => `neigh del fd00::7:${String(random(100))} dev ${link(random)}`,
];

const ruleContent = (random: Random): string =>
  pick<Maker>(random, [
    () => `from 10.${String(random(9))}.0.0/16 lookup ${String(100 + random(3))}`,
    () => `to 10.8.${String(random(9))}.0/24 lookup 300`,
    () => `fwmark 0x${String(1 + random(9))} lookup 301`,
    () => `iif ${link(random)} lookup 302`,
    () => `oif ${link(random)} prohibit`,
  ])(random);

const RULES: readonly Maker[] = ['', '-6 '].flatMap((family) =>
  ['add', 'del'].map(
    (action) =>
      (random: Random): string =>
        `${family}rule ${action} ${family === '' ? ruleContent(random) : `fwmark 0x${String(1 + random(9))} lookup 301`} pref ${String(1000 + random(20))}`,
  ),
);

/** The kinds of objects that change. */
export const SOAK_KINDS = ['links', 'addresses', 'routes', 'nexthops', 'neighbours', 'rules'] as const;
export type SoakKind = (typeof SOAK_KINDS)[number];

/** The share of each kind, in percent. Links have a small share because adding and deleting them is slow. */
const MIX: Readonly<Record<SoakKind, readonly [share: number, makers: readonly Maker[]]>> = {
  links: [2, LINKS],
  addresses: [8, ADDRESSES],
  routes: [50, ROUTES],
  nexthops: [3, NEXTHOPS],
  neighbours: [22, NEIGHBOURS],
  rules: [15, RULES],
};

/** Makes random changes as lines for `ip`. The kernel rejects many of them. */
export function randomChanges(random: Random, count: number, kinds: readonly SoakKind[] = SOAK_KINDS): string[] {
  const bag = kinds.flatMap((kind) => Array.from({ length: MIX[kind][0] }, () => MIX[kind][1]));
  return Array.from({ length: count }, () => pick(random, pick(random, bag))(random));
}

/** `ip` stops its batch when the kernel rejects one of these commands; they run in many small batches. */
const STOPS_BATCH = /^(?:neigh|nexthop) /;
const SMALL = 20;

/** Returns the batches for `ip -force -batch`. Each list is for one writer: IPv4, IPv6, and the commands in small batches. */
export function batchesOf(lines: readonly string[]): { readonly options: readonly string[]; readonly batches: readonly string[] }[] {
  const small = lines.filter((line) => STOPS_BATCH.test(line));
  const large = lines.filter((line) => !STOPS_BATCH.test(line));
  const text = (some: readonly string[]): string => `${some.join('\n')}\n`;
  const chunks = Array.from({ length: Math.ceil(small.length / SMALL) }, (_, index) => small.slice(index * SMALL, (index + 1) * SMALL));
  const six = large.filter((line) => line.startsWith('-6 ')).map((line) => line.slice(3));
  return [
    { options: [], batches: [text(large.filter((line) => !line.startsWith('-6 ')))] },
    { options: ['-6'], batches: [text(six)] },
    { options: [], batches: chunks.map(text) },
  ];
}
