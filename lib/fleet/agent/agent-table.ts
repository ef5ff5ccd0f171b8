import type { Observable } from 'rxjs';
import { families, type FamilyName } from '../../families/index.js';
import type { LiveChange } from '../../live/index.js';
import { openSampled } from '../sampled/open-sampled.js';
import type { ReaderOptions } from '../sampled/readers/reader.js';
import type { UnreadTable } from '../sampled/sample.js';
import { SAMPLED, type SampledTableName } from '../sampled/sampled-rows.js';
import type { NetlinkSocket } from '../../socket/index.js';
import type { AgentOptions } from './agent-options.js';
import type { TableOperation } from './table-names.js';

/** A table of the kernel that an agent follows. @internal */
export interface AgentTable extends TableOperation {
  readonly changes: Observable<LiveChange<object> | UnreadTable>;
  readonly keyOf: (row: object) => string;
  /** Returns the part of a row that is published. */
  readonly stateOf: (row: object) => object;
  /** Closes the client of the table. */
  readonly close: () => void;
}

/** A client of any family, whose operations are known at run time only. */
interface AnyClient {
  readonly schema: { readonly protocol: number };
  readonly socket: NetlinkSocket;
  watch(op: string): Observable<LiveChange<object>>;
  keyOf(op: string): (row: object) => string;
  stateOf(op: string): (row: object) => object;
  close(): void;
}

/**
 * Opens tables: the modules of their families are loaded, and nothing is sent to the kernel before `changes` is subscribed to. Tables of one
 * protocol share a socket.
 *
 * @param interval - Milliseconds between two readings of a sampled table.
 * @throws TypeError if a table cannot be watched; it contains the reason.
 * @internal
 */
export async function openTables(
  tables: readonly TableOperation[],
  options: Pick<AgentOptions, 'netns' | 'transport'>,
  interval: number,
  caller = 'agent',
): Promise<readonly AgentTable[]> {
  const sockets = new Map<number, NetlinkSocket>();
  const opened: AgentTable[] = [];
  try {
    for (const table of tables) {
      if (table.family === SAMPLED) {
        const sampled = await openSampled(table.op as SampledTableName, options as ReaderOptions, interval);
        opened.push({ ...table, ...sampled, stateOf: (row) => row });
        continue;
      }
      const factory = factoryOf(await families[table.family]());
      const own = factory?.(options);
      if (factory === undefined || own === undefined) {
        throw new TypeError(`${caller}: table '${table.name}': ${table.family} has no tables that can be watched`);
      }
      const shared = sockets.get(own.schema.protocol);
      if (shared === undefined) sockets.set(own.schema.protocol, own.socket);
      else own.close();
      opened.push(openTable(table, shared === undefined ? own : (factory(shared) ?? own), caller));
    }
    return opened;
  } catch (error) {
    for (const table of opened) table.close();
    throw error;
  }
}

function openTable(table: TableOperation, client: AnyClient, caller: string): AgentTable {
  const { op, name } = table;
  try {
    return {
      ...table,
      changes: client.watch(op),
      keyOf: client.keyOf(op),
      stateOf: client.stateOf(op),
      close: () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error instanceof TypeError ? new TypeError(`${caller}: table '${name}': ${error.message}`) : error;
  }
}

const NO_TRANSPORT: NonNullable<AgentOptions['transport']> = {
  open: () => {
    throw new Error('a check of names opens no socket');
  },
  defer: (task) => queueMicrotask(task),
};

/**
 * Checks that a table can be watched, without a socket.
 *
 * @throws TypeError with the reason, and the most similar name.
 * @internal
 */
export async function checkTable(family: FamilyName, op: string, caller: string): Promise<void> {
  const opened = await openTables([{ name: `${family}/${op}`, family, op }], { transport: NO_TRANSPORT }, 0, caller);
  for (const table of opened) table.close();
}

/** Returns the function that creates a client of a family: the export of its module that has the name of its descriptor. */
function factoryOf(module: object): ((socket: object) => AnyClient | undefined) | undefined {
  for (const [name, value] of Object.entries(module) as [string, unknown][]) {
    if (typeof value !== 'function' || !(`${name}Schema` in module)) continue;
    return (socket) => {
      const client = (value as (socket: object) => object)(socket);
      return 'watch' in client && 'keyOf' in client ? (client as AnyClient) : undefined;
    };
  }
  return undefined;
}
