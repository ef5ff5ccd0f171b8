import { isDeepStrictEqual } from 'node:util';
import { type Observable, map, mergeMap, of } from 'rxjs';
import { suggestion } from '../../check/index.js';
import type { LiveChange } from '../../live/index.js';
import { FieldError } from '../common/field-error.js';
import { nameText } from '../common/name-text.js';
import { NetworkError } from '../common/network-error.js';
import type { ErrorContext } from '../common/translate-error.js';
import type { WatchedRows } from '../live/shared-tables.js';
import type { ViewTable } from '../live/watch-view.js';
import { watchObjects } from '../live/watch-objects.js';
import { argumentError, secondArgumentError } from '../fields/argument-error.js';
import { normalise } from '../fields/shape.js';
import { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import { compare } from './compare.js';
import { linksOf, withLinkNames } from './linked.js';
import { requireKey } from './require-key.js';
import { checkVerbOptions, runVerb } from './run-verb.js';
import type { TableModel, Wanted } from './table-model.js';
import type { Readers, VerbOptions } from './verbs.js';
import { watchFiltered } from './watch-filtered.js';
import { fits, readFilter } from './where.js';

/** The verbs that read one table. @internal */
export class TableReader<T extends object, Key, Filter extends object> implements Readers<T, Key, Filter> {
  protected readonly model: TableModel<T>;
  protected readonly names: Names;

  constructor(model: TableModel<T>, names: Names) {
    this.model = model;
    this.names = names;
  }

  list(filter: Filter = {} as Filter, options: VerbOptions = {}): Observable<readonly T[]> {
    const given = copyOf('list', filter, this.model);
    checkVerbOptions('list', options);
    return runVerb(
      this.context('list', () => this.model.table),
      options,
      () =>
        this.withTable(given, (named) => {
          const wanted = this.readFilter(named);
          return this.allNames().pipe(
            mergeMap((names) =>
              this.model.read(names, withLinkNames(this.model, wanted, names)).pipe(
                map((objects) => {
                  // Links add their names while they are read.
                  this.#checkLinks(wanted, names);
                  const named = withLinkNames(this.model, wanted, names);
                  return objects.filter((object) => this.fits(object, named));
                }),
              ),
            ),
          );
        }),
    );
  }

  get(key: Key, options: VerbOptions = {}): Observable<T> {
    const given = copyOf('get', key, this.model, true);
    checkVerbOptions('get', options);
    return runVerb(
      this.context('get', () => this.subject(given)),
      options,
      () =>
        this.withTable(given, (named) => {
          const wanted = this.readKey(named);
          return this.locate('get', wanted).pipe(map(({ object }) => object ?? this.#missing('get', wanted)));
        }),
    );
  }

  find(key: Key, options: VerbOptions = {}): Observable<T | undefined> {
    const given = copyOf('find', key, this.model, true);
    checkVerbOptions('find', options);
    return runVerb(
      this.context('find', () => this.subject(given)),
      options,
      () => this.withTable(given, (named) => this.locate('find', this.readKey(named)).pipe(map(({ object }) => object))),
    );
  }

  watch(filter: Filter = {} as Filter): Observable<LiveChange<T>> {
    const given = copyOf('watch', filter, this.model);
    return runVerb(
      this.context('watch', () => this.model.table),
      {},
      () =>
        this.withTable(given, (named) =>
          this.byNames(this.readFilter(named)).pipe(
            mergeMap((wanted) => this.objects(wanted).pipe(watchFiltered((object) => this.fits(object, wanted)))),
          ),
        ),
    );
  }

  /** Returns the table for a view. @throws FieldError if the filter is not valid, or the table cannot be watched by it. */
  viewTable(filter: true | object): ViewTable {
    const { model } = this;
    const wanted = filter === true ? {} : this.readFilter(copyOf('view', filter));
    return {
      rows: this.#watchedRows(wanted),
      translate: model.watchedRow ?? model.fromRow,
      isWanted: (object) => this.fits(object, wanted),
      keyOf: (object) => model.nameOf(object),
    };
  }

  /** Returns a filter for `viewTable`, without the name of a VRF and without alternative names of links. */
  viewFilter(filter: true | object): Observable<true | object> {
    return filter === true ? of(filter) : this.withTable(copyOf('view', filter), (named) => this.byNames(named as Wanted));
  }

  /** Replaces the alternative names of links in a filter for live objects, which have the names. */
  protected byNames(filter: Wanted): Observable<Wanted> {
    const links = this.model.linkFields.map((name) => filter[name]).filter((name) => typeof name === 'string');
    if (links.length === 0) return of(filter);
    const { live } = this.names;
    // Live names make no request, so that a late subscriber receives the present state inside `subscribe`.
    return (live.names === undefined ? this.names.some(links) : of(live.names)).pipe(
      map((names) => withLinkNames({ linkFields: this.model.linkFields }, filter, names)),
    );
  }

  /** Runs a verb with the routing table of a VRF in the place of its name. */
  protected withTable<R>(given: object, run: (named: object) => Observable<R>): Observable<R> {
    const { table } = given as { readonly table?: unknown };
    const names = this.model.tableNames;
    if (names === undefined || typeof table !== 'string' || names.has(table)) return run(given);
    // The check of the table names the problem, if there is no such VRF.
    return this.names.vrfTable(table).pipe(mergeMap((number) => run(number === undefined ? given : { ...given, table: number })));
  }

  /** Watches the objects that a filter may match. */
  protected objects(wanted: Wanted): Observable<LiveChange<T>> {
    const { fromRow, watchedRow = fromRow } = this.model;
    return watchObjects<T>(this.names.live, this.#watchedRows(wanted), watchedRow);
  }

  #watchedRows(wanted: Wanted): WatchedRows | undefined {
    const { table, rows, watchRequest } = this.model;
    const request = watchRequest(wanted);
    return rows === undefined ? undefined : { table, request, rows: rows(request) };
  }

  /**
   * Reads the object of a key, and the names of the links that it needs.
   *
   * @param wanted - Selects the object that is as wanted, if several have the key.
   */
  protected locate(verb: string, key: Wanted, wanted?: Wanted): Observable<{ readonly object: T | undefined; readonly names: LinkNames }> {
    const { model, names } = this;
    const links = linksOf(model, key);
    return (model.namesByKey && links.length > 0 ? names.some(links) : this.allNames()).pipe(
      mergeMap((found) => {
        // An object on a link that does not exist does not exist.
        if (links.some((link) => found.indexOf(link) === undefined)) return of({ object: undefined, names: found });
        const named = withLinkNames(model, key, found);
        return model.read(found, named).pipe(
          map((objects) => objects.filter((object) => model.matches(object, named))),
          map((objects) => this.only(verb, named, objects, wanted && withLinkNames(model, wanted, found))),
          mergeMap((object) =>
            object === undefined || wanted === undefined ? of(object) : (model.withParts?.(object, wanted) ?? of(object)),
          ),
          map((object) => ({ object, names: found })),
        );
      }),
    );
  }

  /** Reads the names of all links, unless the model does. */
  protected allNames(): Observable<LinkNames> {
    return this.model.readsNames === true ? of(new LinkNames()) : this.names.all();
  }

  /** Checks a key. @throws FieldError */
  protected readKey(key: unknown): Wanted {
    const { model } = this;
    const parts = model.readKey === undefined ? key : model.readKey(key);
    const normal = normalise(model.key, parts);
    requireKey(model, normal);
    return this.complete(normal);
  }

  /** Checks a filter. @throws FieldError */
  protected readFilter(filter: object): Wanted {
    const wanted = readFilter(this.model, filter);
    const complete = this.complete({ ...wanted });
    // A filter by 0 or by a flag that is off means exactly this value.
    return Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, value === 0 || value === false || !(name in complete) ? value : complete[name]]),
    );
  }

  protected fits(object: object, wanted: Wanted): boolean {
    return fits(object as T, wanted, this.model.filter);
  }

  /** @throws FieldError if the filter names a link that does not exist. */
  #checkLinks(wanted: Wanted, names: LinkNames): void {
    for (const field of this.model.linkFields) {
      const name = wanted[field];
      if (typeof name !== 'string' || names.indexOf(name) !== undefined) continue;
      throw new FieldError(field, `no link is named '${name}'${suggestion(name, names.all, '; ')}`, 'missing');
    }
  }

  /** Fills in what follows from other properties. It may change the object. */
  protected complete(wanted: Wanted): Wanted {
    return this.model.complete?.(wanted) ?? wanted;
  }

  /** Returns the parts of an error that do not depend on the failure. */
  protected context(verb: string, subject: () => string): ErrorContext {
    return { verb, subject, missing: this.model.missing, exists: this.model.exists, explain: this.model.explain };
  }

  /** Names an object in words; of a key or a spec that is not valid, only the table. */
  protected subject(given: unknown): string {
    const { noun, nameOf, keyOf, readKey = (key: unknown) => key } = this.model;
    // A wrong property of a spec may be one that no key has.
    for (const key of [() => given, () => keyOf(given as Wanted)])
      try {
        return nameText`${noun} ${nameOf(readKey(key()) as Wanted)}`;
      } catch {
        continue;
      }
    return noun;
  }

  /** Returns the only object that has a key; of several, the one that is as wanted. @throws NetworkError `ambiguous` */
  protected only(verb: string, key: Wanted, objects: readonly T[], wanted?: Wanted): T | undefined {
    // A dump may repeat a row.
    if (objects.every((object) => object === objects[0] || isDeepStrictEqual(object, objects[0]))) return objects[0];
    const { noun, nameOf, equal, isExactly } = this.model;
    const right =
      objects.find((object) => isExactly?.(object, key)) ?? (wanted && objects.find((object) => compare(wanted, object, equal).size === 0));
    if (right !== undefined) return right;
    throw new NetworkError({
      reason: 'ambiguous',
      verb,
      subject: nameText`${noun} ${nameOf(key)}`,
      text: `the key matches ${objects.length} objects: ${objects.map((object) => nameOf(object as Wanted)).join(', ')}; add a property to it`,
    });
  }

  #missing(verb: string, key: Wanted): never {
    const { noun, nameOf } = this.model;
    throw new NetworkError({ reason: 'missing', verb, subject: nameText`${noun} ${nameOf(key)}`, text: 'it does not exist' });
  }
}

/** The parts of a table's model that explain its keys. */
type TableKeys = Partial<Pick<TableModel<object>, 'typical' | 'textKeys'>>;

/** Returns a copy of an argument, so that later changes by the caller have no effect. @throws TypeError if it is not an object or text. */
export function copyOf(verb: string, value: unknown, { typical, textKeys = false }: TableKeys = {}, isKey = false): object {
  if (typeof value === 'string' && textKeys && isKey) return value as unknown as object;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw argumentError(verb, value, typical);
  return plainCopy(value);
}

/** Returns a copy of an argument behind a key. @throws TypeError with the right call if it is not an object. @internal */
export function copyOfSecond(verb: string, value: unknown, call: () => string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw secondArgumentError(verb, value, call());
  return plainCopy(value);
}

/** Copies plain data; properties that are not enumerable are omitted. */
function plainCopy(value: object): object {
  // One function for objects and lists: V8 compiles a function again inside of each other one that calls it.
  if (Array.isArray(value)) {
    const list = value.slice() as unknown[];
    for (let index = 0; index < list.length; index++) {
      const inner = list[index];
      if (isPlain(inner)) list[index] = plainCopy(inner);
    }
    return list;
  }
  const copy = { ...value } as Record<string, unknown>;
  for (const name in copy) {
    const inner = copy[name];
    if (isPlain(inner)) copy[name] = plainCopy(inner);
  }
  return copy;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
}
