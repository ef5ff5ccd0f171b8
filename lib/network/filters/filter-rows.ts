import { ClsFlags, type ActAttrs, type GettfilterReply, type NewtfilterRequest, type PoliceAttrs } from '../../families/tc.js';
import { EGRESS, INGRESS, sideOf } from '../../families/traffic/places.js';
import { omitUndefined } from '../../check/index.js';
import { engineWords } from '../common/json.js';
import { Row, withRow } from '../common/written.js';
import type { Normal } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { handleText, parseHandle, type Handle } from '../traffic/handle.js';
import { actionRequests, actionsOf, policeOf } from './actions/action-rows.js';
import { newHandleNumber, u32Handle, type FilterHandle } from './filter-handle.js';
import { kindOf } from './filter-kinds.js';
import type { Match } from './match/match-check.js';
import { infoNumber, infoOf, protocolName, protocolNumber, type PacketProtocol } from './protocols.js';
import type { FilterParent, TrafficFilter } from './traffic-filter.js';

/** Returns the words of a parent. @internal */
export function parentOf(parent: number): FilterParent {
  if (sideOf(parent) === INGRESS) return 'ingress';
  return parent === EGRESS ? 'egress' : handleText(parent);
}

/** Returns the number of a parent; the kernel looks the root qdisc up if it is 0. @internal */
export function parentNumber(parent: FilterParent): number {
  if (parent === 'root') return 0;
  if (parent === 'ingress') return INGRESS;
  return parent === 'egress' ? EGRESS : parseHandle(parent);
}

/** The attributes of a filter, whatever its kind. */
interface Options extends Readonly<Record<string, unknown>> {
  readonly act?: readonly ActAttrs[];
  readonly police?: PoliceAttrs;
}

/**
 * Translates a filter; undefined for entries that are no filters: those of a whole priority, and hash tables of u32.
 *
 * @param withStatistics - Reads the counters of actions too.
 * @internal
 */
export function filterOf(row: GettfilterReply, names: LinkNames, withStatistics = false): TrafficFilter | undefined {
  const { ifindex, handle, parent, info, chain = 0, kind = '' } = row;
  const options = ((row as { readonly options?: unknown }).options ?? {}) as Options;
  const link = names.nameOf(ifindex);
  if (link === undefined || handle === 0 || (kind === 'u32' && options['divisor'] !== undefined)) return undefined;
  const known = kindOf(kind);
  const { priority, protocol: number } = infoOf(info);
  const protocol = protocolName(number);
  const flags = known.flags === undefined ? 0 : Number(options[known.flags] ?? 0);
  const own = [known.toClass, known.flags, ...known.ignored];
  const attributes = Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name)));
  const { match, rest } = known.match?.read(attributes, protocol) ?? { match: {}, rest: attributes };
  const to = known.toClass === undefined ? undefined : options[known.toClass];
  const has = (flag: number): true | undefined => (flags & flag) !== 0 || undefined;
  return withRow(
    omitUndefined({
      link,
      parent: parentOf(parent),
      chain,
      priority,
      protocol,
      handle: kind === 'u32' ? u32Handle(handle) : handle,
      kind,
      match: Object.keys(match).length === 0 ? undefined : match,
      to: typeof to === 'number' && to !== 0 ? handleText(to) : undefined,
      actions: actionList(options, names, withStatistics),
      skipHardware: has(ClsFlags.SkipHw),
      skipSoftware: has(ClsFlags.SkipSw),
      options: Object.keys(rest).length === 0 ? undefined : engineWords(rest),
      linkIndex: ifindex,
      inHardware: has(ClsFlags.InHw),
    }),
    row,
  ) as unknown as TrafficFilter;
}

function actionList({ act, police }: Options, names: LinkNames, withStatistics: boolean): TrafficFilter['actions'] {
  const list = actionsOf(act, names, withStatistics) ?? [];
  const all = police === undefined ? list : [...list, policeOf(police, names)];
  return all.length === 0 ? undefined : all;
}

/** Translates a wanted filter into the request that writes the whole of it. @internal */
export function filterRequest(wanted: Wanted, names: LinkNames, row?: GettfilterReply): NewtfilterRequest {
  const { kind, match, to, actions, skipHardware, skipSoftware } = wanted;
  const known = kindOf(kind as string);
  const protocol = (wanted['protocol'] ?? 'all') as PacketProtocol;
  const flags = (skipHardware === true ? ClsFlags.SkipHw : 0) | (skipSoftware === true ? ClsFlags.SkipSw : 0);
  const list = (actions ?? []) as readonly Normal[];
  const options: Record<string, unknown> = {
    ...known.match?.write((match ?? {}) as Match, protocol),
    ...(known.toClass !== undefined && typeof to === 'string' && { [known.toClass]: parseHandle(to) }),
    ...(known.flags !== undefined && flags !== 0 && { [known.flags]: flags }),
    ...(list.length > 0 && { act: actionRequests(list, names) }),
    ...(wanted['options'] as object | undefined),
  };
  return omitUndefined({
    ...(row === undefined ? placeOf(wanted, names) : keyOf(row)),
    kind,
    options: options as never,
  }) as unknown as NewtfilterRequest;
}

/** Returns the place of a new filter. */
function placeOf(wanted: Wanted, names: LinkNames): object {
  const { link, parent, chain, priority, handle } = wanted;
  return {
    ifindex: names.indexOf(link as string),
    parent: parentNumber(parent as FilterParent),
    info: infoNumber(priority as number, protocolNumber((wanted['protocol'] ?? 'all') as PacketProtocol)),
    handle: handle === undefined ? 0 : newHandleNumber(handle as FilterHandle),
    chain: chain === undefined || chain === 0 ? undefined : (chain as number),
  };
}

/** Returns the properties that name an existing filter. */
function keyOf({ ifindex, parent, info, handle, chain }: GettfilterReply): object {
  return omitUndefined({ ifindex, parent, info, handle, chain });
}

/** Returns the request that deletes a filter. @internal */
export function filterDeletion(filter: TrafficFilter): object {
  const row = filter[Row];
  const isWhole = kindOf(filter.kind).isWholePriority === true;
  return { ...keyOf(row), ...(isWhole && { handle: 0 }), kind: row.kind };
}

/** Returns the class or the qdisc of a handle, for the filters of a parent. @internal */
export function majorOf(handle: Handle | number): number {
  return ((typeof handle === 'number' ? handle : parseHandle(handle)) & 0xffff_0000) >>> 0;
}
