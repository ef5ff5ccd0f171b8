import { type Observable, map, mergeMap } from 'rxjs';
import { checkVerbOptions, runVerb } from './run-verb.js';
import type { RequestStep, Step } from './step.js';
import { copyOf } from './table-reader.js';
import type { Many, VerbOptions } from './verbs.js';
import { silent, WritableTable } from './writable-table.js';

/** The verbs of a table whose kernel replaces whole objects. @public */
export interface Replacers<T, Spec> {
  /**
   * Writes exactly this object; omitted properties get the kernel's defaults. Nothing is read before.
   *
   * Of several routes with the key, the kernel replaces the first; of several IPv6 routes without a gateway, the first of those.
   */
  replace(spec: Spec, options?: VerbOptions): Observable<T>;
  /** Replaces objects in as few datagrams as possible. Failures are in the result. */
  replaceMany(specs: Iterable<Spec>, options?: VerbOptions): Observable<Many>;
}

/** A table with the verb `replace`. @internal */
export class ReplaceableTable<T extends object, Spec, Key, Filter extends object>
  extends WritableTable<T, Spec, Key, Filter>
  implements Replacers<T, Spec>
{
  replace(spec: Spec, options: VerbOptions = {}): Observable<T> {
    const given = copyOf('replace', spec, this.model);
    checkVerbOptions('replace', options);
    return runVerb(
      this.context('replace', () => this.subject(given)),
      options,
      () =>
        this.withTable(given, (named) => {
          const wanted = this.readSpec(named);
          return this.resolve(wanted).pipe(
            mergeMap((names) =>
              this.run(replacing(this.model.create(wanted, names))).pipe(mergeMap((echo) => this.written('replace', echo, wanted, names))),
            ),
          );
        }),
    );
  }

  replaceMany(specs: Iterable<Spec>, options: VerbOptions = {}): Observable<Many> {
    checkVerbOptions('replaceMany', options);
    return this.many('replace', specs, options, () =>
      this.names
        .all()
        .pipe(map((names) => (spec: unknown) => this.steps(spec, names, (wanted) => silent(replacing(this.model.create(wanted, names)))))),
    );
  }
}

/** Returns requests that create an object, or replace the one with its key. */
function replacing(steps: readonly Step[]): readonly Step[] {
  return (steps as readonly RequestStep[]).map(({ options: { exclusive: _exclusive, ...options }, ...step }) => ({
    ...step,
    options: { ...options, replace: true },
  }));
}
