import { type Observable, catchError, concatMap, filter, from, map, mergeMap, of, throwError, toArray } from 'rxjs';
import { isKernelError, KernelError } from '../../../errors/index.js';
import { liveCollection, type LiveChange } from '../../../live/index.js';
import { FieldError } from '../../common/field-error.js';
import { NetworkError } from '../../common/network-error.js';
import { translateError, type ErrorContext } from '../../common/translate-error.js';
import { checkVerbOptions, runVerb } from '../../tables/run-verb.js';
import type { Many, VerbOptions } from '../../tables/verbs.js';
import type { MapElement, SetElement } from '../firewall.js';
import { parseElement, type Element } from '../objects/element.js';
import { familyOf } from '../objects/hooks.js';
import type { SetThing } from '../objects/set.js';
import type { NftablesClient } from '../state/firewall-state.js';
import type { FirewallSet, FirewallSetKey } from './set-verbs.js';
import { SetAccess } from './set-access.js';
import { setEntry, type SetEntry } from './set-entry.js';

/** An event of nftables. */
type NftablesEvent = ReturnType<NftablesClient['notifications']> extends Observable<infer Event> ? Event : never;

/** An element that the caller wrote. */
type Given = SetElement | MapElement;

/** The verbs of the elements of a set or a map. @internal */
export class ElementTable implements FirewallSet {
  readonly #client: NftablesClient;
  readonly #key: FirewallSetKey;
  readonly #access: SetAccess;

  constructor(client: NftablesClient, key: FirewallSetKey) {
    this.#client = client;
    this.#key = key;
    this.#access = new SetAccess(client, key);
  }

  list(options: VerbOptions = {}): Observable<readonly SetEntry[]> {
    checkVerbOptions('list', options);
    return runVerb(this.#context('list'), options, () => this.#entries());
  }

  watch(): Observable<LiveChange<SetEntry>> {
    const { family, table, name } = this.#key;
    const { nfgenFamily } = this.#access.scope;
    const live = liveCollection<SetEntry>({
      snapshot: () => this.#entries().pipe(mergeMap((entries) => from(entries))),
      changes: () =>
        this.#client.notifications('mgmt').pipe(
          filter((event) => event.value.nfgenFamily === nfgenFamily && concerns(event, table, name)),
          // An interval has two elements, which may be in two events: the whole set is read again.
          map(() => ({ type: 'silent' as const })),
        ),
      key: ({ value }) => value,
      volatile: ['expires', 'packets', 'bytes'],
    });
    return live.pipe(catchError((error: unknown) => throwError(() => translateError(error, this.#context('watch', family)))));
  }

  add(element: Given, options: VerbOptions = {}): Observable<boolean> {
    checkVerbOptions('add', options);
    return runVerb(this.#context('add', element), options, () =>
      this.#access.read().pipe(concatMap((set) => this.#add(set, parseAdded(set, element)))),
    );
  }

  ensureAbsent(element: Given, options: VerbOptions = {}): Observable<boolean> {
    checkVerbOptions('ensureAbsent', options);
    return runVerb(this.#context('ensureAbsent', element), options, () =>
      this.#access.read().pipe(concatMap((set) => this.#remove(set, parseKey(set, element)))),
    );
  }

  addMany(elements: Iterable<Given>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    return this.#many('add', elements, options, {
      parse: parseAdded,
      all: (set, list) => (set.autoMerge ? this.#access.merge(set, 'add', list) : this.#access.write(set, 'newsetelem', list)),
      one: (set, element) => this.#add(set, element),
    });
  }

  ensureAbsentMany(elements: Iterable<Given>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('ensureAbsentMany', options);
    return this.#many('ensureAbsent', elements, options, {
      parse: parseKey,
      all: (set, list) => (set.autoMerge ? this.#access.merge(set, 'delete', list) : this.#access.write(set, 'destroysetelem', list)),
      one: (set, element) => this.#remove(set, element),
    });
  }

  #entries(): Observable<readonly SetEntry[]> {
    return this.#access
      .read()
      .pipe(concatMap((set) => this.#access.elements(set).pipe(map((elements) => elements.map((element) => setEntry(set, element))))));
  }

  #add(set: SetThing, element: Element): Observable<boolean> {
    if (set.autoMerge) return this.#access.merge(set, 'add', [element]);
    return this.#access.write(set, 'newsetelem', [element], true).pipe(
      map(() => true),
      // Without the exclusive flag, the kernel accepts an element that is there with the same data.
      catchError((error: unknown) =>
        isKernelError(error, 'EEXIST') ? this.#access.write(set, 'newsetelem', [element]).pipe(map(() => false)) : throwError(() => error),
      ),
    );
  }

  #remove(set: SetThing, element: Element): Observable<boolean> {
    if (set.autoMerge) return this.#access.merge(set, 'delete', [element]);
    return this.#access.write(set, 'delsetelem', [element]).pipe(
      map(() => true),
      catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? of(false) : throwError(() => error))),
    );
  }

  #many(verb: string, given: Iterable<Given>, options: VerbOptions, work: ManyWork): Observable<Many> {
    return runVerb(this.#context(verb), options, () => {
      const list = [...given];
      return this.#access.read().pipe(
        concatMap((set) => {
          const failed: { readonly index: number; readonly error: NetworkError }[] = [];
          const fail = (index: number, error: unknown): void => {
            const translated = translateError(error, this.#context(verb, list[index]));
            if (!(translated instanceof NetworkError)) throw error;
            failed.push({ index, error: translated });
          };
          const parsed = list.flatMap((element, index) => {
            try {
              return [{ index, element: work.parse(set, element) }];
            } catch (error) {
              fail(index, error);
              return [];
            }
          });
          return work
            .all(
              set,
              parsed.map(({ element }) => element),
            )
            .pipe(
              // One of them was rejected, and with it the transaction: each gets its own.
              catchError((error: unknown) => {
                if (!(error instanceof KernelError)) return throwError(() => error);
                return from(parsed).pipe(
                  concatMap(({ index, element }) =>
                    work.one(set, element).pipe(
                      catchError((own: unknown) => {
                        fail(index, own);
                        return of(false);
                      }),
                    ),
                  ),
                  toArray(),
                );
              }),
              map(() => ({ written: list.length - failed.length, failed: failed.sort((a, b) => a.index - b.index) })),
            );
        }),
      );
    });
  }

  #context(verb: string, element?: unknown): ErrorContext {
    const { family, table, name } = this.#key;
    const { value = element } = (typeof element === 'object' && element !== null ? element : {}) as { readonly value?: unknown };
    const what = typeof value === 'string' || typeof value === 'number' ? `element ${value} of ` : '';
    return {
      verb,
      subject: () => `${what}set ${family} ${table} ${name}`,
      missing: ['ENOENT'],
      explain: ({ code }) => (code === 'ENFILE' ? { text: 'the set has as many elements as its size allows' } : undefined),
    };
  }
}

/** The parts of a verb on many elements. */
interface ManyWork {
  readonly parse: (set: SetThing, element: Given) => Element;
  readonly all: (set: SetThing, elements: readonly Element[]) => Observable<unknown>;
  readonly one: (set: SetThing, element: Element) => Observable<unknown>;
}

/** Checks an element to add. @throws FieldError */
function parseAdded({ layout, flags, noun, name, scope }: SetThing, element: Given): Element {
  const parsed = parseElement(layout, element, '');
  if (parsed.timeout === undefined || flags.includes('timeout')) return parsed;
  const set = `${noun} ${familyOf(scope.nfgenFamily)!} ${scope.table} ${name}`;
  throw new FieldError('timeout', `the ${set} has no flag 'timeout'; omit the time, or create the ${noun} with flags: ['timeout']`);
}

/** Returns the key of an element; its data and settings do not count. @throws FieldError */
function parseKey({ layout }: SetThing, element: Given): Element {
  const isObject = typeof element === 'object' && !Array.isArray(element);
  return parseElement({ ...layout, data: undefined }, isObject ? { value: (element as MapElement).value } : element, '');
}

/** Returns true for an event of the set, of its elements, or of the end of its table. */
function concerns({ op, value }: NftablesEvent, table: string, name: string): boolean {
  if (op === 'newsetelem-ntf' || op === 'delsetelem-ntf') return value.table === table && value.set === name;
  if (op === 'newset-ntf' || op === 'delset-ntf') return value.table === table && value.name === name;
  return op === 'deltable-ntf' && value.name === table;
}
