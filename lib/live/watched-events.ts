import { Observable } from 'rxjs';
import { type FamilyNotification } from '../client/index.js';
import { omitUndefined } from '../check/index.js';
import { requestCheck, selectingProperties } from '../client/internal.js';
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
  const asked = selectingProperties(request);
  const unsupported = asked.find((property) => !Object.hasOwn(filters, property));
  if (unsupported !== undefined) {
    const known = Object.keys(filters);
    const expected = known.length === 0 ? 'no property' : known.join(', ');
    throw new TypeError(`${name}: cannot watch by ${unsupported}; expected ${expected}`);
  }
  const suits = requestCheck(codec, codec.encode(request, 'dump'), asked, filters) ?? (() => true);
  return (value) => shows(value) && suits(value);
}

/** Emits the events of a collection for the notifications of its groups; one layer, because a storm may have very many. @internal */
export function watchedEvents(
  declaration: WatchDeclaration,
  fits: Fits,
  notifications: Observable<FamilyNotification<string, object>>,
): Observable<LiveEvent<object>> {
  const { silentOn = {}, accepts = () => true } = declaration;
  const eventOf = objectEvents(declaration, fits);
  return new Observable((subscriber) =>
    notifications.subscribe({
      next: (notification) => {
        const { op, value, nsid } = notification;
        // The object belongs to a table of another network namespace.
        if (nsid !== undefined) return;
        try {
          const event = accepts(value) ? eventOf(notification) : undefined;
          if (event !== undefined) subscriber.next(event);
          // Also for objects outside of the table: the kernel deletes all filters with their parent.
          const silent = silentOn[op];
          if (silent !== undefined && (silent === true || silent(value))) subscriber.next({ type: 'silent' });
        } catch (error) {
          subscriber.error(error);
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );
}

/** Creates the function that translates a notification to the event of its object; undefined if it is about none. */
function objectEvents({ set, delete: deletes, without }: WatchDeclaration, fits: Fits) {
  const sets = new Set(set);
  const ends = new Set(deletes);
  return ({ op, value, replace, append }: FamilyNotification<string, object>): LiveEvent<object> | undefined => {
    if (ends.has(op)) return { type: 'delete', value };
    if (!sets.has(op)) return undefined;
    // An object that no longer matches the request is deleted from the collection.
    if (!fits(value)) return { type: 'delete', value };
    const event = { type: 'set', value: without === undefined ? value : omit(value, without) } as const;
    return replace === undefined && append === undefined ? event : { ...event, ...omitUndefined({ replace, append }) };
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
