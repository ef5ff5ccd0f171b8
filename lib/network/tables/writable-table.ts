import { type Observable, catchError, concatMap, defer, forkJoin, from, map, mergeMap, of, reduce, throwError, toArray } from 'rxjs';
import { checkIterable } from '../../check/index.js';
import { onceOnly, singly, type InputPart } from '../common/input-parts.js';
import { isNetworkError, type NetworkError } from '../common/network-error.js';
import { translateError } from '../common/translate-error.js';
import { FieldError } from '../common/field-error.js';
import { normalise } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import { compare, merge } from './compare.js';
import { linksOf, withLinkNames } from './linked.js';
import { explained, NetworkTable } from './network-table.js';
import { checkEnsureOptions, checkVerbOptions, runVerb } from './run-verb.js';
import { withFirst, type RequestStep, type Step } from './step.js';
import type { Wanted } from './table-model.js';
import { copyOf } from './table-reader.js';
import type { EnsureOptions, Many, VerbOptions, Writers } from './verbs.js';

/** Returns the object of a key; of several, the one that is as wanted. */
type Find<T> = (verb: string, key: Wanted, wanted?: Wanted) => T | undefined;

/** Returns the requests that create an object. */
type Create = (wanted: Wanted) => readonly Step[];

/** Returns the requests for one element of the input. */
type Write = (given: unknown) => readonly Step[];

/** The verbs of one table. @internal */
export class WritableTable<T extends object, Spec, Key, Filter extends object, Part = Partial<Spec>>
  extends NetworkTable<T, Spec, Key, Filter, Part>
  implements Writers<T, Spec, Key, Part>
{
  addMany(specs: Iterable<Spec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('addMany', options);
    return this.many('add', specs, options, () =>
      this.#creation().pipe(
        map(
          ({ names, create }) =>
            (spec: unknown) =>
              this.steps(spec, names, (wanted) => silent(create(wanted))),
        ),
      ),
    );
  }

  ensureMany(specs: Iterable<Spec>, options: EnsureOptions = {}): Observable<Many> {
    checkEnsureOptions('ensureMany', options);
    const { recreate = false, ...rest } = options;
    // What depends on an object is read before it is recreated.
    if (recreate && this.model.dependents !== undefined) return this.ensureEach(specs, rest, recreate);
    return this.many('ensure', specs, options, () =>
      this.#table().pipe(
        map(({ names, objects, find }) => {
          const planned = new Map<string, string>();
          const create = this.#creator(names, objects);
          return (spec: unknown) =>
            this.steps(spec, names, (wanted) => {
              const steps = this.#towards(wanted, find, create, names, options);
              return this.#isPlanned(wanted, planned) ? [] : steps;
            });
        }),
      ),
    );
  }

  deleteMany(keys: Iterable<Key>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('deleteMany', options);
    return this.many('delete', keys, options, () =>
      this.#table().pipe(
        map(({ names, find }) => (given: unknown) => {
          const key = withLinkNames(this.model, this.readKey(copyOf('deleteMany', given, this.model, true)), names);
          const object = find('delete', key);
          if (object === undefined || this.isDefault(object)) throw this.gone('delete', key);
          return this.model.remove(object);
        }),
      ),
    );
  }

  /** Reads what the creation of objects needs: the table only if the kernel would replace objects. */
  #creation(): Observable<{ readonly names: LinkNames; readonly create: Create }> {
    return this.names
      .all()
      .pipe(
        mergeMap((names) =>
          (this.model.claim === undefined ? of([]) : this.model.read(names)).pipe(
            map((objects) => ({ names, create: this.#creator(names, objects) })),
          ),
        ),
      );
  }

  /** Returns the requests of new objects, which the kernel rejects if others are there. */
  #creator(names: LinkNames, objects: readonly T[]): Create {
    const { model } = this;
    const { claim } = model;
    if (claim === undefined) return (wanted) => model.create(wanted, names);
    const known: object[] = [...objects];
    return (wanted) => {
      const claimed = claim.isNeeded(wanted) ? claim.claimed(wanted, known) : wanted;
      known.push(claimed);
      return model.create(claimed, names);
    };
  }

  /** Reads the table; `find` returns the object of a key. */
  #table(): Observable<{ readonly names: LinkNames; readonly objects: readonly T[]; readonly find: Find<T> }> {
    const { model } = this;
    return this.names.all().pipe(
      mergeMap((names) =>
        model.read(names).pipe(
          map((objects) => {
            const slots = new Map<string, T[]>();
            for (const object of objects) {
              const slot = model.slot(object);
              const group = slots.get(slot);
              if (group === undefined) slots.set(slot, [object]);
              else group.push(object);
            }
            const find: Find<T> = (verb, key, wanted) => {
              const found = (slots.get(model.slot(key)) ?? []).filter((object) => model.matches(object, key));
              return this.only(verb, key, found, wanted);
            };
            return { names, objects, find };
          }),
        ),
      ),
    );
  }

  /** Returns the requests of one spec. */
  protected steps(spec: unknown, names: LinkNames, write: (wanted: Wanted) => readonly Step[]): readonly Step[] {
    const wanted = this.readSpec(copyOf('spec', spec));
    const unknown = linksOf(this.model, wanted).find((link) => names.indexOf(link) === undefined);
    if (unknown !== undefined) throw new FieldError('link', `no link is named '${unknown}'`, 'unknown-name');
    return write(withLinkNames(this.model, wanted, names));
  }

  /** Ensures one object after the other. An element that wants an earlier object otherwise fails, as in one batch. */
  protected ensureEach(specs: Iterable<Spec>, options: VerbOptions, recreate: boolean): Observable<Many> {
    const planned = new Map<string, string>();
    const run = (spec: Spec): Observable<boolean> =>
      this.#isRepeated(spec, planned) ? of(false) : this.ensure(spec, { recreate }).pipe(map(({ changed }) => changed.length > 0));
    return this.each('ensureMany', specs, options, run, (input) => {
      planned.clear();
      return singly(input);
    });
  }

  /** Returns true for the second of two equal specs. @throws NetworkError if an earlier spec wants the same object otherwise. */
  #isRepeated(spec: Spec, planned: Map<string, string>): boolean {
    let wanted: Wanted;
    try {
      wanted = this.readSpec(copyOf('spec', spec));
    } catch {
      // The verb itself signals the error of a spec that is not valid.
      return false;
    }
    try {
      return this.#isPlanned(wanted, planned);
    } catch (error) {
      throw translateError(
        error,
        this.context('ensure', () => this.subject(spec)),
      );
    }
  }

  /** Returns true for the second of two equal specs. @throws FieldError if an earlier spec wants the same object otherwise. */
  #isPlanned(wanted: Wanted, planned: Map<string, string>): boolean {
    const key = JSON.stringify(this.model.keyOf(wanted));
    const text = JSON.stringify(wanted);
    const earlier = planned.get(key);
    if (earlier !== undefined && earlier !== text)
      throw new FieldError('', 'an earlier element of the input wants the same object otherwise', 'conflict');
    planned.set(key, text);
    return earlier !== undefined;
  }

  /** Returns the requests that make an object as wanted; none if it is. */
  #towards(wanted: Wanted, find: Find<T>, create: Create, names: LinkNames, options: EnsureOptions): readonly Step[] {
    const { model } = this;
    const object = find('ensure', model.keyOf(wanted), wanted);
    if (object === undefined || this.yields(object, wanted, names)) return create(wanted);
    const changes = compare(wanted, object, model.equal);
    if (changes.size === 0) return [];
    const merged = (model.merge ?? merge)(normalise(model.shape, object), wanted);
    const paths = [...changes.keys()];
    const changed = [...new Set(paths.map((path) => path.split('.')[0]!))];
    const update = model.update(object, merged, changed, names, paths);
    if (!('recreate' in update)) return update.steps;
    if (options.recreate === true) return update.steps ?? [...model.remove(object), ...model.create(merged, names)];
    throw new FieldError(update.recreate[0] ?? '', 'the kernel cannot change it in place; use option { recreate: true }', 'unsupported');
  }

  /** Runs a verb for each element of the input, in few datagrams. */
  protected many(verb: string, input: Iterable<unknown>, options: VerbOptions, prepare: () => Observable<Write>): Observable<Many> {
    checkIterable(`${verb}Many: objects`, input);
    const readAgain = onceOnly(input);
    return runVerb(
      this.context(`${verb}Many`, () => this.model.table),
      options,
      () => {
        readAgain();
        return forkJoin([prepare(), this.#vrfTables()]).pipe(
          mergeMap(([write, tables]) => {
            const given: unknown[] = [];
            const named = (element: unknown): readonly Step[] => write(this.#withTable(element, tables));
            return sendSteps(input, named, given).pipe(map((results) => this.#result(verb, results, given)));
          }),
        );
      },
    );
  }

  /**
   * Runs a verb for one element after the other: an element may need the link of an earlier one.
   *
   * @param divide - Divides the input into parts, in its order; all elements of a part may be run at once.
   */
  protected each<Given>(
    verb: string,
    input: Iterable<Given>,
    options: VerbOptions,
    run: (given: Given) => Observable<boolean>,
    divide: (input: Iterable<Given>) => Iterable<InputPart<Given>> = singly,
  ): Observable<Many> {
    checkIterable(`${verb}: objects`, input);
    const readAgain = onceOnly(input);
    const single = (given: Given): Observable<boolean | { readonly error: NetworkError }> =>
      defer(() => run(given)).pipe(
        catchError((error: unknown) => throwError(() => this.elementError(verb, error))),
        catchError((error: unknown) => (isNetworkError(error) ? of({ error }) : throwError(() => error))),
      );
    return runVerb(
      this.context(verb, () => this.model.table),
      options,
      () => {
        readAgain();
        return from(divide(input)).pipe(
          concatMap(({ elements, together = () => of([]) }) =>
            together().pipe(
              concatMap((results) =>
                from(elements).pipe(
                  concatMap((given, position) => {
                    const result = results[position];
                    return result === undefined ? single(given) : of(result);
                  }),
                ),
              ),
            ),
          ),
          toArray(),
          map((results) => ({
            written: results.filter((result) => result === true).length,
            failed: results.flatMap((result, index) => (typeof result === 'object' ? [{ index, error: result.error }] : [])),
          })),
        );
      },
    );
  }

  /** Reads the routing tables of all VRFs, if elements may name one. */
  #vrfTables(): Observable<ReadonlyMap<string, number>> {
    return this.model.tableNames === undefined ? of(new Map()) : this.names.vrfTables();
  }

  #withTable(element: unknown, tables: ReadonlyMap<string, number>): unknown {
    const { table } = (element ?? {}) as { readonly table?: unknown };
    if (typeof table !== 'string' || this.model.tableNames?.has(table) !== false) return element;
    const number = tables.get(table);
    return number === undefined ? element : { ...(element as object), table: number };
  }

  /** Returns the error of an element; one that is not an object is wrong data, not misuse of the verb. */
  protected elementError(verb: string, error: unknown): unknown {
    if (!(error instanceof TypeError)) return error;
    return translateError(
      new FieldError('', error.message),
      this.context(verb, () => this.model.noun),
    );
  }

  #result(verb: string, results: ReadonlyMap<number, unknown>, given: readonly unknown[]): Many {
    const failed = [...results].flatMap(([index, error]) => {
      if (error === undefined) return [];
      const context = this.context(verb, () => this.subject(given[index]));
      return [{ index, error: translateError(this.elementError(verb, error), context) as NetworkError }];
    });
    return { written: results.size - failed.length, failed: failed.sort((one, other) => one.index - other.index) };
  }
}

/** Returns requests without echo: the result of many writes contains no objects. */
export function silent(steps: readonly Step[]): readonly Step[] {
  return (steps as readonly RequestStep[]).map(({ options: { echo: _echo, ...options }, ...step }) => ({ ...step, options }));
}

/**
 * Sends the requests of all elements of the input.
 *
 * @param given - Receives the elements.
 * @returns The error of each element that needed a request; undefined for success.
 */
function sendSteps(input: Iterable<unknown>, write: Write, given: unknown[]): Observable<ReadonlyMap<number, unknown>> {
  const results = new Map<number, unknown>();
  const owners: number[] = [];
  const meanings = new Map<number, RequestStep>();
  const steps = stepsOf(input, write, given, owners, meanings, results);
  const first = steps.next();
  if (first.done === true) return of(results);
  return first.value.client.batch(withFirst(first.value, steps) as never).pipe(
    reduce((errors, result) => {
      const index = owners[result.index]!;
      if (errors.get(index) === undefined)
        errors.set(index, 'error' in result ? explained(meanings.get(result.index), result.error) : undefined);
      return errors;
    }, results),
  );
}

/** Yields the requests of all elements; an element that is not valid has none, and an error in the results. */
function* stepsOf(
  input: Iterable<unknown>,
  write: Write,
  given: unknown[],
  owners: number[],
  meanings: Map<number, RequestStep>,
  results: Map<number, unknown>,
): Generator<RequestStep, void, undefined> {
  for (const element of input) {
    const index = given.push(element) - 1;
    let steps: readonly RequestStep[] = [];
    try {
      // A table with tasks overrides the verbs on many objects.
      steps = write(element) as readonly RequestStep[];
    } catch (error) {
      results.set(index, error);
    }
    for (const step of steps) {
      const number = owners.push(index) - 1;
      if (step.explain !== undefined) meanings.set(number, step);
      yield step;
    }
  }
}
