import { Protocol } from '../../wire/index.js';

const VERBS = ['new', 'del', 'get', 'set'];

// What rtnetlink's types are about, four types each, from 16 (uapi/linux/rtnetlink.h)
// prettier-ignore
const ROUTE_OBJECTS = [
  'link', 'addr', 'route', 'neigh', 'rule', 'qdisc', 'tclass', 'tfilter', 'action', 'prefix', 'multicast', 'anycast',
  'neightbl', 'nduseropt', 'addrlabel', 'dcb', 'netconf', 'mdb', 'nsid', 'stats', 'cachereport', 'chain', 'nexthop',
  'linkprop', 'vlan', 'nexthopbucket', 'tunnel',
];

/**
 * Names what a request asks for, for errors and traces.
 *
 * @returns `'newlink'` for a type of rtnetlink, `'type 20'` where the type alone says nothing.
 * @internal
 */
export function operationName(protocol: number, type: number): string {
  const object = protocol === Protocol.Route && type >= 16 ? ROUTE_OBJECTS[(type - 16) >> 2] : undefined;
  return object === undefined ? `type ${type}` : `${VERBS[type & 3]}${object}`;
}
