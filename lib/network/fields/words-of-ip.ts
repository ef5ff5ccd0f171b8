import { suggestion } from '../../check/index.js';

/** The properties that a word of `ip`, `tc` or `ss` may mean; the first one that the object has is meant. */
const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  dev: ['link', 'name', 'iif'],
  ifname: ['name', 'link'],
  iface: ['link', 'name'],
  interface: ['link', 'name'],
  device: ['link', 'name'],
  oif: ['link'],
  dst: ['to', 'remote', 'address', 'mac'],
  destination: ['to', 'remote', 'address'],
  daddr: ['to', 'remote'],
  src: ['source', 'from', 'local', 'address'],
  saddr: ['source', 'from', 'local'],
  ip: ['addresses', 'address'],
  ips: ['addresses'],
  addrs: ['addresses'],
  namespace: ['netns'],
  gw: ['via'],
  gateway: ['via'],
  nhid: ['nexthop'],
  nexthop: ['hops', 'via'],
  nexthops: ['hops', 'group'],
  prio: ['priority', 'metric'],
  pref: ['priority', 'metric'],
  preference: ['priority', 'metric'],
  metric: ['priority'],
  priority: ['metric'],
  lookup: ['table'],
  proto: ['protocol'],
  lladdr: ['mac'],
  hwaddr: ['mac'],
  ether: ['mac'],
  nud: ['state'],
  brd: ['broadcast'],
  valid_lft: ['valid'],
  preferred_lft: ['preferred'],
  nodad: ['noDad'],
  noprefixroute: ['noPrefixRoute'],
  qlen: ['txQueueLength'],
  txqueuelen: ['txQueueLength'],
  promisc: ['promiscuous'],
  txqlen: ['txQueueLength'],
  type: ['kind'],
  linkinfo: ['kind'],
  info_kind: ['kind'],
  operstate: ['state'],
  ifindex: ['index', 'linkIndex', 'link'],
  address: ['mac'],
  local: ['address'],
  link: ['parent'],
  prefsrc: ['source'],
  ageing_time: ['bridge.ageing'],
  stp_state: ['bridge.stp'],
  valid_life_time: ['valid'],
  preferred_life_time: ['preferred'],
  fwmark: ['mark'],
  dsfield: ['tos'],
  sport: ['sourcePorts', 'port', 'local'],
  dport: ['ports', 'remote'],
  ipproto: ['ipProtocol'],
  uidrange: ['uids'],
};

/** A hint in other words than those of one property. */
interface Answer {
  readonly text: string;
  /** Properties that only the objects have for which the hint is right. */
  readonly has: readonly string[];
  /** A property that these objects lack. */
  readonly lacks?: string;
}

/** The hints for words of `ip` that mean no single property. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  // Filters have the state of a link, and cannot name addresses.
  operstate: { text: 'only the kernel sets the state; write up: true', has: ['up', 'mtu'], lacks: 'state' },
  address: { text: 'did you mean addresses or mac?', has: ['addresses', 'mac'], lacks: 'state' },
  flags: { text: 'each flag is a property of its own, such as up, multicast and promiscuous', has: ['up', 'multicast', 'promiscuous'] },
  prefixlen: { text: 'write the prefix length in the address: 10.0.0.1/24', has: ['link', 'address', 'peer'] },
  link_type: { text: 'the type follows from the kind; did you mean kind?', has: ['kind', 'mtu'] },
};

/** The objects that have a property, for properties that only some have. */
const OWNERS: Readonly<Record<string, string>> = { via: 'routes and nexthops', hops: 'routes', onlink: 'routes and nexthops' };

/** The material of a hint, besides the properties of an object. @internal */
export interface HintSource {
  /** Words of other programs that the object has a meaning of its own for. */
  readonly own?: Readonly<Record<string, string>> | undefined;
  /** Properties that a list of all of them omits. */
  readonly unlisted?: readonly string[] | undefined;
  /** Paths of properties inside of others, such as `bridge.stp`. */
  readonly inner?: readonly string[] | undefined;
}

/**
 * Returns a hint for an unknown property: the one that is meant, by a word of other programs or a similar name; else all of them.
 *
 * @internal
 */
export function propertyHint(name: string, known: readonly string[], { own = {}, unlisted = [], inner }: HintSource = {}): string {
  const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name]! : undefined;
  if (answer?.has.every((property) => known.includes(property)) && (answer.lacks === undefined || !known.includes(answer.lacks)))
    return `; ${answer.text}`;
  const meanings = Object.hasOwn(MEANINGS, name) ? MEANINGS[name]! : [];
  const words = [name, name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()), ...meanings];
  const inside = words.map((property) => inner?.find((path) => path.endsWith(`.${property}`)));
  // Filters have no properties inside of others.
  const has = (path: string): boolean => known.includes(path) || (inner !== undefined && known.includes(path.split('.')[0]!));
  const meant = own[name] ?? inside.find((path) => path !== undefined) ?? meanings.find(has);
  if (meant !== undefined) return `; did you mean ${meant}?`;
  const elsewhere = [name, ...meanings].find((property) => Object.hasOwn(OWNERS, property));
  if (elsewhere !== undefined) return `; ${elsewhere} is a property of ${OWNERS[elsewhere]!}`;
  return suggestion(name, known, '; ') || `; there are ${known.filter((property) => !unlisted.includes(property)).join(', ')}`;
}
