import { resolve } from 'node:path';
import { catchError, map, of, type Observable } from 'rxjs';
import { FieldError } from '../common/field-error.js';
import { SystemError } from '../common/system-error.js';
import { shown } from '../fields/check.js';
import { checkVerbOptions, runVerb } from '../tables/run-verb.js';
import type { Ensured } from '../tables/verbs.js';
import { DIRECTORY, type Namespace, type NamespaceVerbOptions } from './namespace.js';
import { createNamed, deleteNamed, ensureNamed } from './named.js';

const VERB_OPTIONS: ReadonlySet<string> = new Set<keyof NamespaceVerbOptions>(['directory', 'signal', 'timeout']);

type NameVerb<T> = (name: string, options?: NamespaceVerbOptions) => Observable<T>;

/** The verbs of `namespaces` that create and delete names. @internal */
export interface NameVerbs {
  readonly create: NameVerb<Namespace>;
  readonly ensure: NameVerb<Ensured<Namespace>>;
  readonly delete: NameVerb<Namespace>;
  readonly ensureAbsent: NameVerb<boolean>;
}

/** The verbs that create and delete names of network namespaces. @internal */
export const nameVerbs: NameVerbs = {
  create: (name, options = {}) => verb('create', name, options, (directory) => createNamed(directory, name)),
  ensure: (name, options = {}) =>
    verb('ensure', name, options, (directory) =>
      ensureNamed(directory, name).pipe(
        map(({ namespace: object, isNew }) => ({
          object,
          changed: isNew ? [{ table: 'namespaces', action: 'add', name, text: `+ namespace ${name}` } as const] : [],
        })),
      ),
    ),
  delete: (name, options = {}) => verb('delete', name, options, (directory) => deleteNamed(directory, name)),
  ensureAbsent: (name, options = {}) =>
    verb('ensureAbsent', name, options, (directory) =>
      deleteNamed(directory, name).pipe(
        map(() => true),
        catchError((error: unknown) => {
          if ((error instanceof SystemError || error instanceof FieldError) && error.reason === 'missing') return of(false);
          throw error;
        }),
      ),
    ),
};

function verb<T>(
  name: string,
  namespace: unknown,
  options: NamespaceVerbOptions,
  run: (directory: string) => Observable<T>,
): Observable<T> {
  checkVerbOptions(`namespaces.${name}`, options, VERB_OPTIONS);
  const directory = resolve(options.directory ?? DIRECTORY);
  const subject = (): string => `namespace ${typeof namespace === 'string' && namespace !== '' ? namespace : shown(namespace)}`;
  return runVerb({ verb: name, subject, missing: [] }, options, () => run(directory));
}
