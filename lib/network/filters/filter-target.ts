import { map, mergeMap, of, type Observable } from 'rxjs';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';
import { parseHandle } from '../traffic/handle.js';

/** Kinds of qdiscs that have only the classes that were created; others choose a queue by the number. */
const WITH_CREATED_CLASSES: ReadonlySet<string | undefined> = new Set(['htb', 'hfsc', 'drr', 'qfq']);

/**
 * Checks that the class to which a filter leads exists; the kernel sends its packets to the default class otherwise, silently.
 *
 * Filters at the sides of a link lead to no class of a qdisc, and a number without a minor part is the qdisc.
 *
 * @returns Emits once; FieldError as the error signal, if the class does not exist.
 * @internal
 */
export function checkTarget(tc: NetworkClients['tc'], { link, parent, to }: Wanted, names: LinkNames): Observable<unknown> {
  const ifindex = typeof link === 'string' ? names.indexOf(link) : undefined;
  if (typeof to !== 'string' || ifindex === undefined || parent === 'ingress' || parent === 'egress') return of(undefined);
  const target = parseHandle(to);
  const major = (target & 0xffff_0000) >>> 0;
  if (target === major) return of(undefined);
  return tc.list('getqdisc').pipe(
    map((qdiscs) => qdiscs.some((row) => row.ifindex === ifindex && row.handle === major && WITH_CREATED_CLASSES.has(row.kind))),
    mergeMap((isChecked) => (isChecked ? tc.list('gettclass', { ifindex }) : of(undefined))),
    map((classes) => {
      if (classes === undefined || classes.some(({ handle }) => handle === target)) return;
      throw new FieldError('to', `the link has no class '${to}'; create it first`, 'missing');
    }),
  );
}
