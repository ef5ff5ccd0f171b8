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
  type: ['kind'],
  fwmark: ['mark'],
  dsfield: ['tos'],
  sport: ['sourcePorts', 'port', 'local'],
  dport: ['ports', 'remote'],
  ipproto: ['ipProtocol'],
  uidrange: ['uids'],
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
export function propertyHint(name: string, known: readonly string[], { own = {}, unlisted = [], inner = [] }: HintSource = {}): string {
  const meanings = Object.hasOwn(MEANINGS, name) ? MEANINGS[name]! : [];
  const inside = [name, ...meanings].map((property) => inner.find((path) => path.endsWith(`.${property}`)));
  const meant = own[name] ?? inside.find((path) => path !== undefined) ?? meanings.find((property) => known.includes(property));
  if (meant !== undefined) return `; did you mean ${meant}?`;
  const elsewhere = [name, ...meanings].find((property) => Object.hasOwn(OWNERS, property));
  if (elsewhere !== undefined) return `; ${elsewhere} is a property of ${OWNERS[elsewhere]!}`;
  return suggestion(name, known, '; ') || `; there are ${known.filter((property) => !unlisted.includes(property)).join(', ')}`;
}
