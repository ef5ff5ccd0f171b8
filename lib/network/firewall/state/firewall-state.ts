import { type MonoTypeOperatorFunction, type Observable, catchError, concatMap, defer, forkJoin, map, of, retry, throwError } from 'rxjs';
import {
  NfProtocol,
  SetFlags,
  type GetchainReply,
  type GetflowtableReply,
  type GetobjReply,
  type GetruleReply,
  type GetsetReply,
  type GettableReply,
  type SetelemAttrs,
  type nftables,
} from '../../../families/nftables.js';
import { isKernelError } from '../../../errors/index.js';
import { joined } from '../../common/joined.js';
import { NetworkError } from '../../common/network-error.js';
import type { FirewallTableKey } from '../firewall.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import { FAMILIES, familyOf } from '../objects/hooks.js';

/** The typed client of nftables. @internal */
export type NftablesClient = ReturnType<typeof nftables>;

/** The tables of the kernel at one generation. @internal */
export interface FirewallState {
  /** The generation that was read; a transaction with it fails if another one was committed since. */
  readonly generation: number;
  readonly tables: readonly TableState[];
}

/** A table as the kernel has it. @internal */
export interface TableState extends FirewallTableKey {
  readonly row: GettableReply;
  readonly chains: readonly ChainState[];
  /** All sets and maps, also those without a name. */
  readonly sets: readonly SetState[];
  readonly objects: readonly GetobjReply[];
  readonly flowtables: readonly GetflowtableReply[];
}

/** A chain with its rules, in order. @internal */
export interface ChainState {
  readonly row: GetchainReply;
  readonly rules: readonly GetruleReply[];
}

/** A set with its elements, in the kernel's order. @internal */
export interface SetState {
  readonly row: GetsetReply;
  readonly elements: readonly SetelemAttrs[];
}

/** Options of reading. @internal */
export interface ReadFirewallOptions {
  /** Selects the tables to read; all if omitted. */
  readonly only?: (table: FirewallTableKey) => boolean;
}

/** Another transaction was committed while the tables were read. */
class ChangedMeanwhile extends Error {}

/** The number of times that the tables are read again if they change meanwhile. */
const ATTEMPTS = 20;

/** Reads the tables at one generation; emits once. @internal */
export function readFirewall(client: NftablesClient, options: ReadFirewallOptions = {}): Observable<FirewallState> {
  const generationOf = defer(() => client.do('getgen')).pipe(map(({ id = 0 }) => id));
  return generationOf.pipe(
    concatMap((generation) =>
      readTables(client, options).pipe(
        concatMap((tables) =>
          generationOf.pipe(
            concatMap((after) => (after === generation ? of({ generation, tables }) : throwError(() => new ChangedMeanwhile()))),
          ),
        ),
      ),
    ),
    retry({ count: ATTEMPTS, delay: (error: unknown) => (error instanceof ChangedMeanwhile ? of(0) : throwError(() => error)) }),
    catchError((error: unknown) => throwError(() => (error instanceof ChangedMeanwhile ? tooBusy() : error))),
  );
}

/** Errors with {@link ChangedMeanwhile} for a table or a set that was listed and is gone. */
function goneMeanwhile<T>(): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) => throwError(() => (isKernelError(error, 'ENOENT') ? new ChangedMeanwhile() : error)));
}

function tooBusy(): NetworkError {
  const text = `other programs changed the tables during each of ${ATTEMPTS} readings`;
  return new NetworkError({ reason: 'conflict', verb: 'read', subject: 'firewall', text });
}

function readTables(client: NftablesClient, { only }: ReadFirewallOptions): Observable<readonly TableState[]> {
  const all = { nfgenFamily: NfProtocol.Unspec };
  return client.list('gettable', all).pipe(
    concatMap((rows) => {
      const tables = rows.flatMap((row): readonly (FirewallTableKey & { readonly row: GettableReply })[] => {
        const family = familyOf(row.nfgenFamily);
        const key = family && { family, name: row.name ?? '' };
        return key === undefined || only?.(key) === false ? [] : [{ ...key, row }];
      });
      if (tables.length === 0) return of([]);
      // One dump of everything costs less than many small ones, unless few tables are wanted.
      const scopes = only === undefined ? [all] : tables.map(({ row }) => ({ nfgenFamily: row.nfgenFamily, table: row.name! }));
      const dump = <Row extends { readonly nfgenFamily: number; readonly table?: string }>(
        read: (scope: { readonly nfgenFamily: number; readonly table?: string }) => Observable<readonly Row[]>,
      ): Observable<ReadonlyMap<string, readonly Row[]>> =>
        forkJoin(scopes.map(read)).pipe(
          goneMeanwhile(),
          map((lists) => byTable(joined(lists))),
        );
      return forkJoin({
        chains: dump((scope) => client.list('getchain', scope)),
        rules: dump((scope) => client.list('getrule', scope)),
        sets: dump((scope) => client.list('getset', scope)),
        objects: dump((scope) => client.list('getobj', scope)),
        flowtables: dump((scope) => client.list('getflowtable', scope)),
      }).pipe(
        concatMap(({ chains, rules, sets, objects, flowtables }) =>
          readElements(
            client,
            tables.flatMap(({ row }) => sets.get(keyOf(row.nfgenFamily, row.name)) ?? []),
          ).pipe(
            map((elements) =>
              tables.map(({ family, name, row }): TableState => {
                const key = keyOf(row.nfgenFamily, row.name);
                const byChain = groupBy(rules.get(key) ?? [], ({ chain }) => chain ?? '');
                return {
                  family,
                  name,
                  row,
                  chains: (chains.get(key) ?? []).map((chain) => ({ row: chain, rules: byChain.get(chain.name ?? '') ?? [] })),
                  sets: (sets.get(key) ?? []).map((set) => ({ row: set, elements: elements.get(set) ?? [] })),
                  objects: objects.get(key) ?? [],
                  flowtables: flowtables.get(key) ?? [],
                };
              }),
            ),
          ),
        ),
      );
    }),
  );
}

/** Reads the elements of sets, one dump for each. */
function readElements(client: NftablesClient, sets: readonly GetsetReply[]): Observable<ReadonlyMap<GetsetReply, readonly SetelemAttrs[]>> {
  if (sets.length === 0) return of(new Map<GetsetReply, readonly SetelemAttrs[]>());
  return forkJoin(
    sets.map((set) =>
      client.list('getsetelem', { nfgenFamily: set.nfgenFamily, table: set.table!, set: set.name! }).pipe(
        map((rows) => [set, rows.flatMap(({ elements }) => elements?.elem ?? [])] as const),
        goneMeanwhile(),
      ),
    ),
  ).pipe(map((entries) => new Map(entries)));
}

const keyOf = (family: number, table: string | undefined): string => `${family} ${table ?? ''}`;

function byTable<Row extends { readonly nfgenFamily: number; readonly table?: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  return groupBy(rows, ({ nfgenFamily, table }) => keyOf(nfgenFamily, table));
}

function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** Returns true if a set belongs to one rule and has no name of its own. @internal */
export function isAnonymous({ flags = 0 }: Pick<GetsetReply, 'flags'>): boolean {
  return (flags & SetFlags.Anonymous) !== 0;
}

/** Returns the header and the table of a request. @internal */
export function scopeOf({ family, name }: { readonly family: FirewallFamily; readonly name: string }): {
  readonly nfgenFamily: number;
  readonly table: string;
} {
  return { nfgenFamily: FAMILIES[family], table: name };
}
