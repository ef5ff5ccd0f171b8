import { catchError, defer, finalize, from, ignoreElements, map, mergeMap, of, tap, throwError, type Observable } from 'rxjs';
import { Protocol } from '../../wire/index.js';
import { families, type FamilyName } from '../../families/index.js';
import { nlctrl } from '../../families/nlctrl.js';
import type { FamilySchema } from '../../schema/index.js';
import type { Action } from '../command.js';
import { tableLines, type Column } from '../output/table.js';
import { loadSchema } from './load-schema.js';
import { jsonText } from '../output/json-text.js';

/** A family: its name in the package, its name in the kernel, and where it is. */
interface ListedFamily {
  readonly name: string;
  readonly kernelName: string;
  readonly protocol: string;
  readonly operations: number | undefined;
  readonly typed: boolean;
  /** The kernel has it; undefined for families that it does not list. */
  readonly loaded: boolean | undefined;
}

const COLUMNS: readonly Column<ListedFamily>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'NAME IN THE KERNEL', text: ({ kernelName }) => kernelName },
  { title: 'PROTOCOL', text: ({ protocol }) => protocol },
  { title: 'OPERATIONS', text: ({ operations }) => operations, align: 'right' },
  { title: 'TYPES', text: ({ typed }) => (typed ? 'yes' : 'no') },
  {
    title: 'IN THIS KERNEL',
    text: ({ loaded }) => (loaded === undefined ? undefined : loaded ? 'yes' : 'no'),
    colour: ({ loaded }) => (loaded === true ? 'green' : undefined),
  },
];

/** `rxnetlink families`: the families of the package, then the generic families that only the kernel has. */
export const action: Action = ({ options, output }) =>
  defer(() => from(readTyped())).pipe(
    mergeMap((typed) => generics(options['netns'] as string | undefined).pipe(map((names) => list(typed, names)))),
    tap((all) => {
      output.lines(options['json'] === true ? [jsonText(all)] : tableLines(all, COLUMNS, { style: output.style }));
    }),
    ignoreElements(),
  );

async function readTyped(): Promise<ReadonlyMap<string, FamilySchema>> {
  const entries = await Promise.all(
    (Object.keys(families) as FamilyName[]).map(async (name) => {
      const schema = await loadSchema(name);
      return schema === undefined ? [] : [[name, schema] as const];
    }),
  );
  return new Map(entries.flat());
}

/** Emits the names of the generic families of the kernel and the numbers of their operations. */
function generics(netns: string | undefined): Observable<ReadonlyMap<string, number>> {
  const client = nlctrl(netns === undefined ? {} : { netns });
  return client.list('getfamily').pipe(
    map((rows) => new Map(rows.map(({ familyName = '', ops = [] }) => [familyName, ops.length]))),
    // A sandbox may forbid the protocol. Another namespace was asked for by the caller.
    catchError((error: unknown) => (netns === undefined ? of(new Map<string, number>()) : throwError(() => error))),
    finalize(() => client.close()),
  );
}

function list(typed: ReadonlyMap<string, FamilySchema>, kernel: ReadonlyMap<string, number>): readonly ListedFamily[] {
  const ours = [...typed].map(([name, { name: kernelName, protocol, generic, operations }]) => ({
    name,
    kernelName,
    protocol:
      generic === undefined
        ? (Object.keys(Protocol).find((key) => Protocol[key as keyof typeof Protocol] === protocol) ?? String(protocol))
        : 'Generic',
    operations: operations.length,
    typed: true,
    loaded: generic === undefined ? undefined : kernel.has(kernelName),
  }));
  const known = new Set(ours.map(({ kernelName }) => kernelName));
  const others = [...kernel].filter(([name]) => !known.has(name));
  return [
    ...ours,
    ...others.map(([name, count]) => ({ name, kernelName: name, protocol: 'Generic', operations: count, typed: false, loaded: true })),
  ];
}
