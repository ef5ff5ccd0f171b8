import { Observable } from 'rxjs';
import { requestCheck, type FamilyNotification } from '../client/index.js';
import { isKernelError } from '../errors/index.js';
import type { OperationCodec } from '../schema/index.js';
import type { LiveEvent } from './live-change.js';
import type { WatchDeclaration } from './watch-declaration.js';

/** Which objects of a table a request is about. @internal */
export type Fits = (value: object) => boolean;

/**
 * Reads from a request which objects it is about.
 *
 * @param codec - Of the operation that dumps the table.
 * @throws TypeError if it asks for something that events cannot be held against; EncodeError if it cannot be encoded.
 * @internal
 */
export function requestFilter(
  { filters = {}, shows = () => true }: WatchDeclaration,
  codec: OperationCodec,
  request: object,
  name: string,
): Fits {
  const asked = Object.entries(request).flatMap(([property, wanted]) => (wanted === undefined || wanted === 0 ? [] : [property]));
  const strange = asked.find((property) => !Object.hasOwn(filters, property));
  if (strange !== undefined) {
    const known = Object.keys(filters);
    const offer = known.length === 0 ? 'it takes nothing' : `it takes ${known.join(', ')}`;
    throw new TypeError(`${name} cannot be watched by ${strange}: ${offer}`);
  }
  const suits = requestCheck(codec, codec.encode(request, 'dump'), asked, filters) ?? (() => true);
  return (value) => shows(value) && suits(value);
}

/** What a notification means to a collection. @internal */
export function watchedEvents(
  declaration: WatchDeclaration,
  fits: Fits,
): (notification: FamilyNotification<string, object>) => LiveEvent<object>[] {
  const { set, delete: deletes, silentOn = {}, accepts = () => true, without } = declaration;
  const sets = new Set(set);
  const ends = new Set(deletes);
  return ({ op, value, replace, append, nsid }) => {
    // Another namespace's objects are not in this one's tables.
    if (nsid !== undefined) return [];
    const events: LiveEvent<object>[] = [];
    if (accepts(value)) {
      // What no longer is what was asked for has gone, if it was there.
      if (ends.has(op) || (sets.has(op) && !fits(value))) events.push({ type: 'delete', value });
      else if (sets.has(op)) {
        const kept = without === undefined ? value : leaveOut(value, without);
        events.push({ type: 'set', value: kept, ...(replace && { replace }), ...(append && { append }) });
      }
    }
    // Also of what is no object of the table: with what stands over filters they all go.
    const silent = silentOn[op];
    if (silent !== undefined && (silent === true || silent(value))) events.push({ type: 'silent' });
    return events;
  };
}

/** The rows of a dump that belong to a collection; one layer, for there may be very many. @internal */
export function watchedRows(
  { accepts = () => true, emptyOn = [], without }: WatchDeclaration,
  fits: Fits,
  rows: Observable<object>,
): Observable<object> {
  return new Observable((subscriber) =>
    rows.subscribe({
      next: (row) => {
        if (accepts(row) && fits(row)) subscriber.next(without === undefined ? row : leaveOut(row, without));
      },
      error: (error: unknown) => {
        if (emptyOn.some((code) => isKernelError(error, code))) subscriber.complete();
        else subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    }),
  );
}

function leaveOut(value: object, properties: readonly string[]): object {
  const kept: object = { ...value };
  for (const property of properties) Reflect.deleteProperty(kept, property);
  return kept;
}
