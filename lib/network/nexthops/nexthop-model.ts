import { catchError, map, of, throwError } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import type { GetnexthopReply } from '../../families/rt-route.js';
import type { NetworkClients } from '../clients.js';
import { nameText } from '../common/name-text.js';
import type { RouteNames } from '../names/route-names.js';
import { merge } from '../tables/compare.js';
import { step } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import type { Nexthop, NexthopMember } from './nexthop.js';
import { explainNexthopError } from './nexthop-errors.js';
import { nexthopOf, nexthopRequest } from './nexthop-rows.js';
import { checkNexthop, checkWholeNexthop, NEXTHOP_STATE, nexthopShape } from './nexthop-shape.js';

/** Returns what the verbs need to know about nexthop objects. @internal */
export function nexthopModel({ route, protocols }: Pick<NetworkClients, 'route'> & Pick<RouteNames, 'protocols'>): TableModel<Nexthop> {
  const words = { protocols };
  const shape = nexthopShape(words);
  const { id } = shape.fields;
  return {
    table: 'nexthops',
    noun: 'nexthop',
    typical: { spec: '{ id, via, link }', number: 'id' },
    shape,
    key: { fields: { id: id! }, out: [...Object.keys(shape.fields).filter((name) => name !== 'id'), ...NEXTHOP_STATE] },
    state: NEXTHOP_STATE,
    always: ['id', 'protocol'],
    keyNeeds: ['id'],
    identity: ['id'],
    missing: ['ENOENT', 'ENODEV'],
    explain: explainNexthopError,
    linkFields: ['link'],
    linkIndexes: (row) => [(row as GetnexthopReply).oif].filter((index) => index !== undefined),
    namesByKey: false,
    check: checkNexthop,
    nameOf: nexthopName,
    slot: ({ id: number }) => String(number),
    matches: (object, key) => object.id === key.id,
    keyOf: ({ id: number }) => ({ id: number }),
    read: (names, { id: number }: Wanted = {}) => {
      const rows =
        typeof number === 'number'
          ? route.do('getnexthop', { id: number }).pipe(
              map((row) => [row]),
              catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? of([]) : throwError(() => error))),
            )
          : route.list('getnexthop', {});
      return rows.pipe(map((found) => found.map((row) => nexthopOf(row, names, words))));
    },
    fromRow: (row, names) => nexthopOf(row as GetnexthopReply, names, words),
    watchRequest: () => ({}),
    rows: () => route.tableOf('getnexthop', {}),
    equal: { group: sameMembers },
    merge: mergeNexthop,
    create: (wanted, names) => {
      checkWholeNexthop(wanted);
      return [step(route, 'newnexthop', nexthopRequest(wanted, names, words), { create: true, exclusive: true, echo: true })];
    },
    update: (object, wanted, changed, names): Update => {
      checkWholeNexthop(wanted);
      const fixed = changed.filter((name) => isFixed(name, object, wanted));
      if (fixed.length > 0) return { recreate: fixed };
      return { steps: [step(route, 'newnexthop', nexthopRequest(wanted, names, words), { replace: true })] };
    },
    remove: ({ id: number }) => [step(route, 'delnexthop', { id: number })],
  };
}

/** A group cannot become a single nexthop, nor the reverse; the type of a group and its buckets cannot change. */
function isFixed(name: string, object: Nexthop, wanted: Wanted): boolean {
  if (name === 'fdb') return true;
  if (name === 'resilient') {
    const after = wanted.resilient as Nexthop['resilient'];
    return object.resilient === undefined || (after?.buckets !== undefined && after.buckets !== object.resilient.buckets);
  }
  return (object.group === undefined) !== (wanted.group === undefined);
}

/** Returns an existing nexthop with the wanted properties in it; another kind of nexthop takes the place of the old one. */
function mergeNexthop(object: Wanted, wanted: Wanted): Wanted {
  const kept: Record<string, unknown> = { ...object };
  const has = (name: string): boolean => (wanted[name] ?? undefined) !== undefined && wanted[name] !== false;
  const drop = (...names: readonly string[]): void => names.forEach((name) => delete kept[name]);
  if (has('group')) drop('via', 'link', 'onlink', 'encap', 'blackhole', 'family');
  if (has('blackhole')) drop('via', 'link', 'onlink', 'encap', 'group', 'resilient');
  if (has('via') || has('link')) drop('blackhole', 'group', 'resilient');
  // The family follows from the gateway.
  if (has('via')) drop('family');
  return { ...merge(kept, wanted), ...(has('encap') && { encap: wanted.encap }) };
}

function sameMembers(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(found) || wanted.length !== found.length) return false;
  return (wanted as readonly NexthopMember[]).every(({ id, weight = 1 }) =>
    (found as readonly NexthopMember[]).some((member) => member.id === id && member.weight === weight),
  );
}

/** Names a nexthop object in words: `7 via 10.0.0.9 dev eth0`. */
function nexthopName({ id, via, link, blackhole, group }: Wanted): string {
  const members = Array.isArray(group) ? (group as readonly NexthopMember[]).map(({ id: member }) => member).join('/') : undefined;
  return nameText`${id} via ${via} dev ${link} ${blackhole === true ? 'blackhole' : undefined} group ${members}`;
}
