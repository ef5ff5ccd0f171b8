import { omitUndefined } from '../../check/index.js';
import type { GetqdiscReply, NewqdiscRequest } from '../../families/tc.js';
import { withRow } from '../common/written.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { handleText, parseHandle } from '../traffic/handle.js';
import { trafficStatistics } from '../traffic/statistics.js';
import type { Qdisc, WatchedQdisc } from './qdisc.js';
import { CLSACT_HANDLE, placeNumber, placeOf, qdiscKindPart } from './qdisc-shape.js';

/** Translates a row without its counters; undefined if its link is unknown. @internal */
export function watchedQdiscOf(row: GetqdiscReply, names: LinkNames): WatchedQdisc | undefined {
  const fields = fieldsOf(row, names);
  return fields && (withRow(fields, row) as unknown as WatchedQdisc);
}

/** Translates a row; undefined if its link is unknown. @internal */
export function qdiscOf(row: GetqdiscReply, names: LinkNames): Qdisc | undefined {
  const fields = fieldsOf(row, names);
  return fields && (withRow({ ...fields, statistics: trafficStatistics(row) }, row) as unknown as Qdisc);
}

function fieldsOf(row: GetqdiscReply, names: LinkNames): object | undefined {
  const { ifindex, handle, parent, kind, options, hwOffload } = row;
  const link = names.nameOf(ifindex);
  if (link === undefined) return undefined;
  return omitUndefined({
    link,
    parent: placeOf(parent),
    // The kernel attaches a default qdisc without a handle.
    handle: handle === 0 ? undefined : handleText(handle),
    kind: kind as string,
    ...qdiscKindPart.read(kind, options, { handle }),
    linkIndex: ifindex,
    byDefault: handle === 0,
    offloaded: hwOffload === undefined || hwOffload === 0 ? undefined : true,
  });
}

/** Returns the header of a request for a wanted qdisc. @internal */
export function qdiscHeader(wanted: Wanted, names: LinkNames): Pick<Required<NewqdiscRequest>, 'ifindex' | 'parent' | 'handle'> {
  const { link, parent, handle } = wanted as { readonly link: string; readonly parent: string; readonly handle?: string };
  // Without the handle, the kernel exchanges `clsact` and `ingress`, and deletes their filters.
  const own = handle ?? (parent === 'clsact' ? CLSACT_HANDLE : undefined);
  return { ifindex: names.indexOf(link)!, parent: placeNumber(parent), handle: own === undefined ? 0 : parseHandle(own) };
}

/**
 * Translates a wanted qdisc into a request.
 *
 * @param paths - The changed properties; omitted for a new qdisc.
 * @internal
 */
export function qdiscRequest(wanted: Wanted, names: LinkNames, paths?: readonly string[]): NewqdiscRequest {
  const options = qdiscKindPart.write(wanted, paths);
  return { ...qdiscHeader(wanted, names), kind: wanted['kind'] as string, ...(options !== undefined && { options }) } as NewqdiscRequest;
}
