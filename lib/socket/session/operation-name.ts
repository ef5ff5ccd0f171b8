import { Protocol } from '../../wire/index.js';

const VERBS = ['new', 'del', 'get', 'set'];

// The objects of rtnetlink's message types, four types each, from 16 (uapi/linux/rtnetlink.h)
// prettier-ignore
const ROUTE_OBJECTS = [
  'link', 'addr', 'route', 'neigh', 'rule', 'qdisc', 'tclass', 'tfilter', 'action', 'prefix', 'multicast', 'anycast',
  'neightbl', 'nduseropt', 'addrlabel', 'dcb', 'netconf', 'mdb', 'nsid', 'stats', 'cachereport', 'chain', 'nexthop',
  'linkprop', 'vlan', 'nexthopbucket', 'tunnel',
];

/**
 * Returns the name of a request's operation for errors and traces.
 *
 * @returns `'newlink'` for a type of rtnetlink, `'type 20'` if the protocol gives its types no names.
 * @internal
 */
export function operationName(protocol: number, type: number): string {
  const object = protocol === Protocol.Route && type >= 16 ? ROUTE_OBJECTS[(type - 16) >> 2] : undefined;
  return object === undefined ? `type ${type}` : `${VERBS[type & 3]}${object}`;
}
