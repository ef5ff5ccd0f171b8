import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { catchError, defer, from, map, of, switchMap, throwError, type Observable } from 'rxjs';
import { suggestion } from '../../check/index.js';
import { familyFactory, type FamilyClient, type FamilyFactory, type FamilyOptions, type UntypedFamily } from '../../client/index.js';
import { FamilyNotFoundError } from '../../errors/index.js';
import { families, type FamilyName } from '../../families/index.js';
import { describeFamily } from '../../families/nlctrl.js';
import type { OperationSchema, TypedFamilySchema } from '../../schema/index.js';
import { loadOptional } from '../run/load-optional.js';
import { UsageError } from '../run/usage-error.js';
import { loadSchema } from './load-schema.js';

/** A client of a family whose operations are names on a command line. */
export type AnyClient = FamilyClient<UntypedFamily>;

/** Options of the commands for families. */
export interface FamilyCallOptions {
  readonly json?: boolean;
  readonly netns?: string;
  readonly spec?: string;
}

/** Opens a family by its name: one of the package, one of a YAML file, or a generic one that the kernel describes. */
export function openFamily(name: string, { netns, spec }: FamilyCallOptions): Observable<AnyClient> {
  const options: FamilyOptions = netns === undefined ? {} : { netns };
  return defer(() => from(spec === undefined ? typedFamily(name) : loadedFamily(spec))).pipe(
    switchMap((factory) => (factory === undefined ? kernelFamily(name, options) : of(factory))),
    map((factory) => factory(options)),
  );
}

async function loadedFamily(spec: string): Promise<FamilyFactory<UntypedFamily>> {
  const loader = import('../../spec-loader/index.js');
  const { loadFamily } = await loadOptional(loader, 'yaml', 'specifications in YAML need the package yaml: npm install yaml');
  return loadFamily(await readFile(spec, 'utf8'), { file: basename(spec) });
}

/** Returns the factory of a family of the package; undefined if it has none with this name. The kernel writes some names in capitals: SEG6. */
async function typedFamily(name: string): Promise<FamilyFactory<UntypedFamily> | undefined> {
  const known = Object.keys(families).find((one) => one === name.toLowerCase());
  if (known === undefined) return undefined;
  const schema = await loadSchema(known as FamilyName);
  return schema === undefined ? undefined : familyFactory(schema as TypedFamilySchema<UntypedFamily>);
}

function kernelFamily(name: string, options: FamilyOptions): Observable<FamilyFactory<UntypedFamily>> {
  return describeFamily(name, options, { replies: 'as-requests' }).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof FamilyNotFoundError)) return throwError(() => error);
      const similar = suggestion(name, Object.keys(families), '; ');
      return throwError(() => new UsageError(`no family has the name ${name}, neither in this package nor in this kernel${similar}`));
    }),
  );
}

/** Returns the operation of a name that can be run in a mode, or throws an error that names what can. */
export function operationOf({ schema }: AnyClient, name: string, mode?: 'do' | 'dump'): OperationSchema {
  const has = (operation: OperationSchema, wanted = mode): boolean => wanted === undefined || operation[wanted] !== undefined;
  const named = schema.operations.find((operation) => operation.name === name);
  if (named !== undefined && has(named)) return named;
  const other = mode === 'do' ? 'dump' : 'do';
  if (named !== undefined && has(named, other))
    throw new UsageError(`${schema.name} ${name} has no ${mode!}: use rxnetlink ${other} ${schema.name} ${name}`);
  const names = schema.operations.filter((operation) => has(operation)).map((operation) => operation.name);
  const similar = suggestion(name, names) || `it has ${names.join(', ') || 'none'}`;
  throw new UsageError(`the family ${schema.name} has no such operation: ${name}; ${similar}`);
}
