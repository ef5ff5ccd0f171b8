import { checkInteger, checkOptionNames } from '../../check/index.js';
import type { NetlinkSocketOptions } from '../../socket/index.js';
import { MAX_SHARDS } from '../log/limits.js';
import { cellOf, checkHostName, encodeToken } from '../subjects.js';
import { DEFAULT_TABLES, tableOperation, type FleetTableName, type TableOperation } from './table-names.js';

/** Options of {@link agent}. @public */
export interface AgentOptions {
  /** The name of the host; unique in the fleet. In a subject it has at most 64 characters. */
  readonly host: string;
  /** The network namespace to follow: a name, or a path. The default is that of the process. */
  readonly netns?: NetlinkSocketOptions['netns'];
  /**
   * The tables to follow: short names, such as `links`, or a family and an operation, such as `tc/gettclass`. `link-counters`, `sockets`,
   * `conntrack-statistics` and `firewall-counters` are read at the interval `sample`.
   * @defaultValue links, addresses, routes, rules and neighbours
   */
  readonly tables?: readonly (FleetTableName | (string & {}))[];
  /**
   * Milliseconds between two readings of a table for which the kernel sends no events, such as `link-counters`; at least 1,000.
   * @defaultValue 10000
   */
  readonly sample?: number;
  /**
   * Milliseconds between two beats, by which readers know that the agent runs. From 1,000 hosts on, use 10,000.
   * @defaultValue 2000
   */
  readonly beat?: number;
  /**
   * Milliseconds that a change waits for others, which share its message.
   * @defaultValue 5
   */
  readonly linger?: number;
  /**
   * The number of streams over which the hosts are spread by their names.
   * @defaultValue 1, or as many as `cell` needs
   */
  readonly cells?: number;
  /**
   * The stream of this host, from 0. Each agent of a stream can delete the rows of the others there: give hosts that must not depend on each
   * other streams of their own.
   * @defaultValue by the name of the host
   */
  readonly cell?: number;
  /**
   * The number of parts of each table, each with messages of its own. A table whose snapshot exceeds a message needs more.
   * @defaultValue by the size of the table when it is first read
   */
  readonly shards?: number;
  /** The transport to the kernel, instead of the native one. */
  readonly transport?: NetlinkSocketOptions['transport'];
}

/** Checked options. @internal */
export interface CheckedAgentOptions {
  readonly host: string;
  readonly tables: readonly TableOperation[];
  readonly sample: number;
  readonly beat: number;
  readonly linger: number;
  readonly cells: number;
  readonly cell: number;
  readonly shards: number | undefined;
  readonly sockets: Pick<AgentOptions, 'netns' | 'transport'>;
}

const NAMES: ReadonlySet<string> = new Set<keyof AgentOptions>([
  'host',
  'netns',
  'tables',
  'sample',
  'beat',
  'linger',
  'cells',
  'cell',
  'shards',
  'transport',
]);

/** A beat that is rarer than once an hour is a mistake in the unit. */
const LONGEST_BEAT = 3_600_000;

/** A reading of all counters costs the host and the server more than events do. */
const SHORTEST_SAMPLE = 1000;
const LONGEST_SAMPLE = 24 * 3_600_000;

/**
 * Checks the options of an agent.
 *
 * @throws TypeError, RangeError that names the option.
 * @internal
 */
export function checkAgentOptions(options: AgentOptions): CheckedAgentOptions {
  checkOptionNames('agent', options, NAMES);
  const { host, tables = DEFAULT_TABLES, sample = 10_000, beat = 2000, linger = 5, shards, netns, transport } = options;
  const { cells, cell } = cellOption(options);
  checkHostName('agent: host', host);
  if (!Array.isArray(tables)) throw new TypeError(`agent: tables must be a list of names, such as ['links'], not ${String(tables)}`);
  if (tables.length === 0) throw new TypeError('agent: tables is empty; omit the option to follow the default tables');
  const operations = tables.map((name: string) => tableOperation(name));
  for (const [at, { family, op, name }] of operations.entries()) {
    const first = operations.findIndex((other) => other.family === family && other.op === op);
    if (first !== at) throw new TypeError(`agent: table '${name}' is listed twice`);
    encodeToken(`agent: table '${name}': operation`, op);
  }
  return {
    host,
    tables: operations,
    sample: checkInteger('agent: sample', sample, SHORTEST_SAMPLE, LONGEST_SAMPLE),
    beat: checkInteger('agent: beat', beat, 10, LONGEST_BEAT),
    linger: checkInteger('agent: linger', linger, 0, 60_000),
    cells,
    cell: cell ?? cellOf(host, cells),
    shards: shards === undefined ? undefined : checkInteger('agent: shards', shards, 1, MAX_SHARDS),
    sockets: { ...(netns === undefined ? {} : { netns }), ...(transport === undefined ? {} : { transport }) },
  };
}

/** Checks the cell of an agent: undefined if it is that of the host's name. */
function cellOption({ cells, cell }: AgentOptions): { readonly cells: number; readonly cell: number | undefined } {
  const most = cells === undefined ? MAX_SHARDS : checkInteger('agent: cells', cells, 1, MAX_SHARDS);
  if (cell === undefined) return { cells: cells ?? 1, cell };
  checkInteger('agent: cell', cell, 0, most - 1);
  return { cells: cells ?? cell + 1, cell };
}
