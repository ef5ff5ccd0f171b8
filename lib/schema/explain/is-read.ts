import { suggestion } from '../../check/index.js';
import { Protocol } from '../../wire/index.js';
import type { FamilySchema, OperationSchema } from '../descriptor/descriptor.js';

/** Words of a name that mark a query, besides those that begin with `get`. */
const QUERIES: ReadonlySet<string> = new Set(['list', 'noop']);

/** Words of a name that mark a query with a side effect: counters set to zero, requests taken from a queue. */
const EFFECTS: ReadonlySet<string> = new Set(['reset', 'ctrzero', 'clear', 'reqs', 'set', 'act']);

/** Queries whose names do not show it, by family. */
const MORE_QUERIES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['audit', new Set(['signal-info'])],
  ['devlink', new Set(['resource-dump'])],
  ['ipset', new Set(['protocol', 'save', 'test', 'header', 'type'])],
  ...['nlbl_calipso', 'nlbl_cipsov4'].map((family) => [family, new Set(['listall'])] as const),
  ['nlbl_mgmt', new Set(['listall', 'listdef', 'protocols', 'version'])],
  ['nlbl_unlbl', new Set(['staticlist', 'staticlistdef'])],
  ['ovs_meter', new Set(['features'])],
]);

/** Operations with the name of a query that have an effect, by family: the kernel makes the dump of a reporter when it is first read. */
const MORE_EFFECTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([['devlink', new Set(['health-reporter-dump-get'])]]);

/** SOCK_DIAG_BY_FAMILY (linux/sock_diag.h). */
const SOCK_DIAG_BY_FAMILY = 20;

/**
 * Tests whether an operation only reads: it changes nothing in the kernel.
 *
 * Routing netlink encodes it in the message type, and the kernel lets every user send such a request. The operations of other families are known
 * by their names; a query that also sets counters to zero is not one that only reads. An operation that is not known to read counts as one that
 * writes.
 *
 * @param schema - The descriptor of the family.
 * @param op - The kernel's name of an operation with a request.
 * @throws TypeError if the family has no such operation, or it is a notification or an event.
 * @example
 * ```ts
 * isRead(rtLinkSchema, 'getlink'); // true
 * isRead(conntrackSchema, 'get-ctrzero'); // false: it sets the counters to zero
 * ```
 * @public
 */
export function isRead(schema: FamilySchema, op: string): boolean {
  const operation = schema.operations.find(({ name }) => name === op);
  const number = operation?.do?.request ?? operation?.dump?.request;
  if (operation === undefined || number === undefined) {
    const requests = schema.operations.filter((one) => one.do !== undefined || one.dump !== undefined).map(({ name }) => name);
    const reason = operation === undefined ? 'the family has no such operation' : 'it is a notification, which has no request';
    throw new TypeError(`isRead: ${schema.source}: '${op}': ${reason}${suggestion(op, requests, '; ')}`);
  }
  if (schema.protocol === Protocol.Route) return (number & 3) === 2;
  if (schema.protocol === Protocol.SockDiag) return number === SOCK_DIAG_BY_FAMILY;
  return isQuery(schema, operation);
}

function isQuery({ source }: FamilySchema, { name }: OperationSchema): boolean {
  if (MORE_EFFECTS.get(source)?.has(name) === true) return false;
  if (MORE_QUERIES.get(source)?.has(name) === true) return true;
  const words = name.split('-');
  return words.some((word) => word.startsWith('get') || QUERIES.has(word)) && !words.some((word) => EFFECTS.has(word));
}
