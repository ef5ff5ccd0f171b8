import { Observable } from 'rxjs';
import { type FamilyNotification } from '../client/index.js';
import { omitUndefined } from '../check/index.js';
import { requestCheck } from '../client/internal.js';
import { isKernelError } from '../errors/index.js';
import type { OperationCodec } from '../schema/index.js';
import type { LiveEvent } from './live-change.js';
import type { WatchDeclaration } from './watch-declaration.js';

/** Returns true for an object that a request selects. @internal */
export type Fits = (value: object) => boolean;

/**
 * Creates the check for the objects that a request selects.
 *
 * @param codec - The codec of the operation that dumps the table.
 * @throws TypeError if the request has a property that events cannot be compared with; EncodeError if it cannot be encoded.
 * @internal
 */
export function requestFilter(
  { filters = {}, shows = () => true }: WatchDeclaration,
  codec: OperationCodec,
  request: object,
  name: string,
): Fits {
  const asked = Object.entries(request).flatMap(([property, wanted]) => (wanted === undefined || wanted === 0 ? [] : [property]));
  const unsupported = asked.find((property) => !Object.hasOwn(filters, property));
  if (unsupported !== undefined) {
    const known = Object.keys(filters);
    const expected = known.length === 0 ? 'no property' : known.join(', ');
    throw new TypeError(`${name}: cannot watch by ${unsupported}; expected ${expected}`);
  }
  const suits = requestCheck(codec, codec.encode(request, 'dump'), asked, filters) ?? (() => true);
  return (value) => shows(value) && suits(value);
}

/** Creates the function that translates a notification to events of a collection. @internal */
export function watchedEvents(
  declaration: WatchDeclaration,
  fits: Fits,
): (notification: FamilyNotification<string, object>) => LiveEvent<object>[] {
  const { set, delete: deletes, silentOn = {}, accepts = () => true, without } = declaration;
  const sets = new Set(set);
  const ends = new Set(deletes);
  return ({ op, value, replace, append, nsid }) => {
    // The object belongs to a table of another network namespace.
    if (nsid !== undefined) return [];
    const events: LiveEvent<object>[] = [];
    if (accepts(value)) {
      // An object that no longer matches the request is deleted from the collection.
      if (ends.has(op) || (sets.has(op) && !fits(value))) events.push({ type: 'delete', value });
      else if (sets.has(op)) {
        const kept = without === undefined ? value : omit(value, without);
        events.push({ type: 'set', value: kept, ...omitUndefined({ replace, append }) });
      }
    }
    // Also for objects outside of the table: the kernel deletes all filters with their parent.
    const silent = silentOn[op];
    if (silent !== undefined && (silent === true || silent(value))) events.push({ type: 'silent' });
    return events;
  };
}

/** Emits the rows of a dump that belong to a collection; one layer, because a dump may have very many. @internal */
export function watchedRows(
  { accepts = () => true, emptyOn = [], without }: WatchDeclaration,
  fits: Fits,
  rows: Observable<object>,
): Observable<object> {
  return new Observable((subscriber) =>
    rows.subscribe({
      next: (row) => {
        if (accepts(row) && fits(row)) subscriber.next(without === undefined ? row : omit(row, without));
      },
      error: (error: unknown) => {
        if (emptyOn.some((code) => isKernelError(error, code))) subscriber.complete();
        else subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    }),
  );
}

function omit(value: object, properties: readonly string[]): object {
  const kept: object = { ...value };
  for (const property of properties) Reflect.deleteProperty(kept, property);
  return kept;
}
