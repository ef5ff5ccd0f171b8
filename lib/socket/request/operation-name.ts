import { Protocol } from '../../wire/index.js';

const VERBS = ['new', 'del', 'get', 'set'];

// The objects of rtnetlink's message types, four types each, from 16 (uapi/linux/rtnetlink.h)
// prettier-ignore
const ROUTE_OBJECTS = [
  'link', 'addr', 'route', 'neigh', 'rule', 'qdisc', 'tclass', 'tfilter', 'action', 'prefix', 'multicast', 'anycast',
  'neightbl', 'nduseropt', 'addrlabel', 'dcb', 'netconf', 'mdb', 'nsid', 'stats', 'cachereport', 'chain', 'nexthop',
  'linkprop', 'vlan', 'nexthopbucket', 'tunnel',
];

/** The names of the messages of rtnetlink, from the first type on. */
const ROUTE_NAMES: readonly string[] = ROUTE_OBJECTS.flatMap((object) => VERBS.map((verb) => `${verb}${object}`));
const FIRST_ROUTE_TYPE = 16;

/**
 * Returns the name of a request's operation for errors and traces.
 *
 * @returns `'newlink'` for a type of rtnetlink, `'type 20'` if the protocol gives its types no names.
 * @internal
 */
export function operationName(protocol: number, type: number): string {
  const name = protocol === Protocol.Route ? ROUTE_NAMES[type - FIRST_ROUTE_TYPE] : undefined;
  return name ?? `type ${type}`;
}
