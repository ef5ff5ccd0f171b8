import { omitUndefined } from '../../check/index.js';
import type { GettclassReply, NewtclassRequest } from '../../families/tc.js';
import { withRow } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { handleText, parseHandle } from '../traffic/handle.js';
import { trafficStatistics } from '../traffic/statistics.js';
import { classKindPart, qdiscOfClass } from './class-shape.js';
import type { TrafficClass, WatchedClass } from './traffic-class.js';

/** TC_H_ROOT: the parent of classes directly below the qdisc (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** Translates a row without its counters; undefined if its link is unknown. @internal */
export function watchedClassOf(row: GettclassReply, names: LinkNames): WatchedClass | undefined {
  const fields = fieldsOf(row, names);
  return fields && (withRow(fields, row) as unknown as WatchedClass);
}

/** Translates a row; undefined if its link is unknown. @internal */
export function classOf(row: GettclassReply, names: LinkNames): TrafficClass | undefined {
  const fields = fieldsOf(row, names);
  return fields && (withRow({ ...fields, statistics: trafficStatistics(row) }, row) as unknown as TrafficClass);
}

function fieldsOf(row: GettclassReply, names: LinkNames): object | undefined {
  const { ifindex, handle, parent, kind, options } = row;
  const link = names.nameOf(ifindex);
  if (link === undefined) return undefined;
  return omitUndefined({
    link,
    handle: handleText(handle),
    parent: parent === ROOT ? qdiscOfClass(handle) : handleText(parent),
    kind: kind as string,
    ...classKindPart.read(kind, options, { handle }),
    linkIndex: ifindex,
  });
}

/**
 * Translates a wanted class into a request.
 *
 * @param paths - The changed properties; omitted for a new class.
 * @internal
 */
export function classRequest(wanted: Wanted, names: LinkNames, paths?: readonly string[]): NewtclassRequest {
  const { link, handle, parent, kind } = wanted as Readonly<Record<'link' | 'handle' | 'kind', string>> & { readonly parent?: string };
  const number = parseHandle(handle);
  const options = classKindPart.write(wanted, paths);
  return {
    ifindex: names.indexOf(link)!,
    handle: number,
    parent: parseHandle(parent ?? qdiscOfClass(number)),
    kind,
    ...(options !== undefined && { options }),
  } as NewtclassRequest;
}
