import { type Observable, catchError, concatMap, from, ignoreElements, map, mergeMap, of, reduce, tap, throwError } from 'rxjs';
import { KernelError } from '../../errors/index.js';
import { FieldError } from '../common/field-error.js';
import { isNetworkError, NetworkError } from '../common/network-error.js';
import { translateError } from '../common/translate-error.js';
import { changeCall } from '../fields/argument-error.js';
import { isRead, requireRead } from '../fields/refuse-state.js';
import { normalise } from '../fields/shape.js';
import type { LinkNames } from '../names/link-names.js';
import { compare, ignoredChange, merge, valueText, type Change } from './compare.js';
import { requireNoDependents } from './dependents.js';
import { difference } from './difference.js';
import { linksOf, withLinkNames } from './linked.js';
import { checkEnsureOptions, checkVerbOptions, runVerb } from './run-verb.js';
import type { RequestStep, Step } from './step.js';
import type { Wanted } from './table-model.js';
import { copyOf, copyOfSecond, TableReader } from './table-reader.js';
import type { Ensured, EnsureOptions, VerbOptions } from './verbs.js';

/** The object that a verb found, and what it needs to write it. */
interface Found<T> {
  readonly object: T;
  readonly names: LinkNames;
}

/** The verbs of one table for single objects. @internal */
export class NetworkTable<T extends object, Spec, Key, Filter extends object, Part = Partial<Spec>> extends TableReader<T, Key, Filter> {
  add(spec: Spec, options: VerbOptions = {}): Observable<T> {
    const given = copyOf('add', spec, this.model);
    checkVerbOptions('add', options);
    return this.#verb('add', given, options, (named) => {
      const wanted = this.readSpec(named);
      return this.resolve(wanted).pipe(mergeMap((names) => this.#create(wanted, names)));
    });
  }

  ensure(spec: Spec, options: EnsureOptions = {}): Observable<Ensured<T>> {
    const given = copyOf('ensure', spec, this.model);
    checkEnsureOptions('ensure', options);
    return this.#verb('ensure', given, options, (named) => {
      const wanted = this.readSpec(named);
      return this.#again('ensure', wanted, () => this.#ensureOnce('ensure', this.model.keyOf(wanted), wanted, options, true));
    });
  }

  change(key: Key, part: Part, options: EnsureOptions = {}): Observable<Ensured<T>> {
    checkEnsureOptions('change', options);
    const givenKey = copyOf('change', key, this.model, true);
    const givenPart = copyOfSecond('change', part, () => changeCall(key, Object.keys(this.model.key.fields)));
    return this.#verb('change', givenKey, options, (named) => {
      const wantedKey = this.readKey(named);
      return this.withTable(givenPart, (part) => {
        const wanted = this.#normal(part);
        this.model.checkPart?.(wanted);
        return this.#again('change', wantedKey, () => this.#ensureOnce('change', wantedKey, wanted, options, false));
      });
    });
  }

  delete(key: Key, options: VerbOptions = {}): Observable<T> {
    const given = copyOf('delete', key, this.model, true);
    checkVerbOptions('delete', options);
    return this.#verb('delete', given, options, (named) => {
      const wanted = this.readKey(named);
      return this.locate('delete', wanted).pipe(
        mergeMap(({ object }) => {
          if (object === undefined || this.isDefault(object)) return throwError(() => this.gone('delete', wanted));
          return this.run(this.model.remove(object)).pipe(map(() => object));
        }),
      );
    });
  }

  ensureAbsent(key: Key, options: VerbOptions = {}): Observable<boolean> {
    const given = copyOf('ensureAbsent', key, this.model, true);
    checkVerbOptions('ensureAbsent', options);
    return this.#verb('ensureAbsent', given, options, (named) =>
      this.locate('ensureAbsent', this.readKey(named)).pipe(
        mergeMap(({ object }) => {
          if (object === undefined || this.isDefault(object)) return of(false);
          return this.run(this.model.remove(object)).pipe(
            map(() => true),
            catchError((error: unknown) => (this.#isReason(error, 'missing', 'ensureAbsent') ? of(false) : throwError(() => error))),
          );
        }),
      ),
    );
  }

  /** Checks a spec. @throws FieldError */
  protected readSpec(spec: unknown): Wanted {
    const wanted = this.#normal(spec);
    this.model.check?.(wanted);
    return wanted;
  }

  /** Returns a spec, or a part of one, in the form of readers. @throws FieldError */
  #normal(given: unknown): Wanted {
    const { shape, always, checkGiven } = this.model;
    const normal = normalise(shape, given);
    requireRead(shape, always, given as object);
    if (checkGiven !== undefined && !isRead(always, given as object)) checkGiven(given as object);
    return this.complete(normal);
  }

  /** Reads the links that a spec names. @throws FieldError as the error signal, if one does not exist. */
  protected resolve(wanted: Wanted): Observable<LinkNames> {
    const links = linksOf(this.model, wanted);
    return this.names.some(links).pipe(
      mergeMap((names) => {
        const unknown = links.find((link) => names.indexOf(link) === undefined);
        return unknown === undefined ? of(names) : this.names.unknown(unknown, propertyOf(wanted, unknown));
      }),
    );
  }

  /** Runs steps one after the other; emits the first reply after all of them. */
  protected run(steps: readonly Step[]): Observable<object | undefined> {
    return from(steps).pipe(
      concatMap((step) => {
        if ('task' in step) return step.task().pipe(ignoreElements());
        return step.client
          .do(step.op as never, step.request as never, step.options)
          .pipe(catchError((error: unknown) => throwError(() => explained(step, error))));
      }),
      reduce<object | undefined, { readonly first: object | undefined } | undefined>((kept, reply) => kept ?? { first: reply }, undefined),
      map((kept) => kept?.first),
    );
  }

  /** Returns true for an object that the kernel keeps while there is no other one. */
  protected isDefault(object: T): boolean {
    return this.model.isDefault?.(object) === true;
  }

  /** Returns true if an object is not as wanted and gives way to a new one. */
  protected yields(object: T, wanted: Wanted, names: LinkNames): boolean {
    return this.isDefault(object) && compare(withLinkNames(this.model, wanted, names), object, this.model.equal).size > 0;
  }

  protected gone(verb: string, key: Wanted): NetworkError {
    return new NetworkError({ reason: 'missing', verb, subject: this.subject(key), text: 'it does not exist' });
  }

  #verb<R>(verb: string, given: object, options: VerbOptions, run: (named: object) => Observable<R>): Observable<R> {
    return runVerb(
      this.context(verb, () => this.subject(given)),
      options,
      () => this.withTable(given, run),
    );
  }

  #create(given: Wanted, names: LinkNames): Observable<T> {
    return this.#claimed(given, names).pipe(
      mergeMap((wanted) =>
        this.run(this.model.create(wanted, names)).pipe(
          mergeMap((reply) => this.written('add', reply, wanted, names)),
          mergeMap((made) => this.#refuseIgnored(made, withLinkNames(this.model, wanted, names))),
        ),
      ),
    );
  }

  /** Returns a new object that the kernel rejects if another one is there. */
  #claimed(wanted: Wanted, names: LinkNames): Observable<Wanted> {
    const { claim, read } = this.model;
    if (claim?.isNeeded(wanted) !== true) return of(wanted);
    const named = withLinkNames(this.model, wanted, names);
    return read(names, this.model.keyOf(named)).pipe(map((objects) => claim.claimed(named, objects)));
  }

  /** An older kernel ignores an attribute that it does not know: the object without it is deleted again. */
  #refuseIgnored(made: T, wanted: Wanted): Observable<T> {
    const ignored = ignoredChange(compare(wanted, made, this.model.equal));
    if (ignored === undefined) return of(made);
    const error = this.#ignored('add', made, ignored, `; the ${this.model.noun} was deleted again`);
    return this.run(this.model.remove(made)).pipe(mergeMap(() => throwError(() => error)));
  }

  /** Returns the object that a request has written: from its echo, or read again. */
  protected written(verb: string, echo: object | undefined, wanted: Wanted, names: LinkNames): Observable<T> {
    const { model } = this;
    if (echo === undefined) return this.#reread(verb, model.keyOf(wanted), wanted);
    return this.names.including(names, model.linkIndexes?.(echo) ?? []).pipe(
      mergeMap((found) => {
        const made = model.fromRow(echo, found);
        return made === undefined ? this.#reread(verb, model.keyOf(wanted), wanted) : of(made);
      }),
    );
  }

  #reread(verb: string, key: Wanted, wanted: Wanted): Observable<T> {
    return this.locate(verb, key, wanted).pipe(
      map(({ object }) => {
        if (object === undefined) throw this.gone(verb, key);
        return object;
      }),
    );
  }

  #ensureOnce(verb: 'ensure' | 'change', key: Wanted, wanted: Wanted, options: EnsureOptions, mayCreate: boolean): Observable<Ensured<T>> {
    return this.locate(verb, key, wanted).pipe(
      mergeMap(({ object, names }): Observable<Ensured<T>> => {
        if (object !== undefined && !this.yields(object, wanted, names)) return this.write(verb, { object, names }, wanted, options);
        if (!mayCreate) return throwError(() => this.gone(verb, key));
        return this.resolve(wanted).pipe(
          mergeMap((links) => this.#create(wanted, links)),
          map((made) => ({ object: made, changed: [difference(this.model, 'add', made as Wanted)] })),
        );
      }),
    );
  }

  /** Writes the wanted properties of an object that differ; nothing if none does. */
  protected write(verb: string, { object, names: found }: Found<T>, given: Wanted, options: EnsureOptions): Observable<Ensured<T>> {
    const { model } = this;
    const wanted = withLinkNames(model, given, found);
    const changes = compare(wanted, object, model.equal);
    if (changes.size === 0) return of({ object, changed: [] });
    const names = [...new Set([...changes.keys()].map((path) => path.split('.')[0]!))];
    if (verb === 'change') this.#refuseIdentity(names, object);
    const merged = (model.merge ?? merge)(normalise(model.shape, object), wanted);
    return this.resolve(merged).pipe(
      mergeMap((links) => {
        // A link that is named only now may be named by an alternative name.
        const renamed = withLinkNames(model, wanted, links);
        const update = model.update(object, merged, names, links, [...changes.keys()]);
        if (!('recreate' in update)) return this.run(update.steps).pipe(map(() => ({ action: 'change' as const, renamed })));
        if (options.recreate !== true) return throwError(() => this.#unchangeable(verb, object, update.recreate));
        const steps = update.steps ?? [...model.remove(object), ...model.create(merged, links)];
        return requireNoDependents(model, verb, object, links).pipe(
          mergeMap(() => this.run(steps).pipe(catchError((error: unknown) => this.#restore(verb, object, links, error)))),
          map(() => ({ action: 'recreate' as const, renamed })),
        );
      }),
      mergeMap(({ action, renamed }) =>
        this.#reread(verb, model.keyOf(merged), merged).pipe(
          tap((now) => this.#checkWritten(verb, renamed, now)),
          map((now) => ({ object: now, changed: [difference(this.model, action, now as Wanted, changes)] })),
        ),
      ),
    );
  }

  /** Creates the object again as it was, after its new form was rejected; signals the error, which states if that failed too. */
  #restore(verb: string, object: T, names: LinkNames, error: unknown): Observable<never> {
    const { model } = this;
    const key = model.keyOf(normalise(model.shape, object));
    const translated = translateError(
      error,
      this.context(verb, () => this.subject(object)),
    );
    return this.locate(verb, key).pipe(
      mergeMap(({ object: found }) =>
        found === undefined || this.isDefault(found) ? this.run(model.create(normalise(model.shape, object), names)) : of(undefined),
      ),
      catchError(() => {
        if (!isNetworkError(translated)) return throwError(() => translated);
        const { reason, subject, path, code, errno, cause, message } = translated;
        const text = `${message.slice(`cannot ${verb} ${subject}: `.length)}; it was deleted, and could not be created again as it was`;
        return throwError(() => new NetworkError({ reason, subject, verb, path, code, errno, cause, text }));
      }),
      mergeMap(() => throwError(() => translated)),
    );
  }

  /** A write that the kernel acknowledged and did not do. */
  #checkWritten(verb: string, wanted: Wanted, now: T): void {
    const [left] = compare(wanted, now, this.model.equal);
    if (left === undefined) return;
    const [path, { from: found, to }] = left;
    if (found === undefined) throw this.#ignored(verb, now, left);
    const text = `the kernel acknowledged ${path} ${valueText(to)}, but it is ${valueText(found)}; the driver may not accept it, or another program wrote it`;
    throw new NetworkError({ reason: 'not-converging', verb, subject: this.subject(now), path, text });
  }

  #ignored(verb: string, object: T, [path, { to }]: readonly [string, Change], consequence = ''): NetworkError {
    const text = `this kernel ignored ${path} ${valueText(to)}${consequence}`;
    return new NetworkError({ reason: 'unsupported', verb, subject: this.subject(object), path, text });
  }

  #refuseIdentity(changed: readonly string[], object: T): void {
    const { identity, noun, identityRemedy } = this.model;
    const name = changed.find((property) => identity.includes(property));
    if (name === undefined) return;
    throw new NetworkError({
      reason: 'invalid',
      verb: 'change',
      subject: this.subject(object),
      path: name,
      text: `${name}: it identifies the ${noun}; ${identityRemedy ?? `delete the ${noun} and add another one`}`,
    });
  }

  #unchangeable(verb: string, object: T, properties: readonly string[]): NetworkError {
    return new NetworkError({
      reason: 'unsupported',
      verb,
      subject: this.subject(object),
      path: properties[0],
      text: `the kernel cannot change ${properties.join(', ')} in place; option { recreate: true } deletes and creates it again`,
    });
  }

  /** Runs a verb again, once, if another process created or deleted the object between reading and writing. */
  #again(verb: string, wanted: Wanted, run: () => Observable<Ensured<T>>): Observable<Ensured<T>> {
    const isRace = (error: unknown): boolean =>
      !(error instanceof FieldError) &&
      (this.#isReason(error, 'exists') || (this.#isReason(error, 'missing') && error instanceof KernelError));
    return run().pipe(
      catchError((error: unknown) => (isRace(error) ? run() : throwError(() => error))),
      catchError((error: unknown) => {
        // The kernel refuses for another reason: the object that it names is not the one that the verb reads.
        if (!isRace(error) || this.#isReason(error, 'exists')) return throwError(() => error);
        const text = 'another process writes the same object';
        return throwError(() => new NetworkError({ reason: 'conflict', verb, subject: this.subject(wanted), text, cause: error }));
      }),
    );
  }

  #isReason(error: unknown, reason: 'exists' | 'missing', verb = 'read'): boolean {
    return isNetworkError(
      translateError(
        error,
        this.context(verb, () => this.model.noun),
      ),
      reason,
    );
  }
}

/** Returns the meaning of an error of a request. @internal */
export function explained(step: RequestStep | undefined, error: unknown): unknown {
  return (error instanceof KernelError ? step?.explain?.(error) : undefined) ?? error;
}

/** Returns the property of a spec that names a link. */
function propertyOf(wanted: Wanted, link: string): string {
  return Object.entries(wanted).find(([, value]) => value === link)?.[0] ?? '';
}
