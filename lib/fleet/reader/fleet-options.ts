import { encodeToken } from '../subjects.js';
import { checkArray, checkInteger, checkOptionNames, kindOf } from '../../check/index.js';

/** Options of {@link fleet}. @public */
export interface FleetOptions {
  /**
   * The hosts to read: names, or patterns in which `*` stands for any characters. Single names save traffic; the reader filters patterns itself.
   * @defaultValue all
   */
  readonly hosts?: readonly string[];
  /**
   * Milliseconds between two beats of a host from which no beat has arrived yet; the beats of the others contain their interval.
   * @defaultValue 2000
   */
  readonly beat?: number;
  /**
   * The number of missing beats after which a host is silent.
   * @defaultValue 3
   */
  readonly silentAfter?: number;
  /**
   * Milliseconds after which a silent host is gone, and its entries are removed.
   * @defaultValue never
   */
  readonly goneAfter?: number;
  /**
   * The number of streams that are read in any case. The reader finds others by the beats of the hosts, and by the list of the server's streams if
   * its account has the permission to read it.
   * @defaultValue 1
   */
  readonly cells?: number;
}

/** Checked options. @internal */
export interface CheckedFleetOptions {
  readonly hosts: HostFilter;
  readonly beat: number;
  readonly silentAfter: number;
  readonly goneAfter: number | undefined;
  readonly cells: number;
}

/** The hosts that a reader selects. @internal */
export interface HostFilter {
  /** The names, if none is a pattern and they are few; undefined if the reader has to filter. */
  readonly names: readonly string[] | undefined;
  readonly matches: (host: string) => boolean;
}

const NAMES: ReadonlySet<string> = new Set<keyof FleetOptions>(['hosts', 'beat', 'silentAfter', 'goneAfter', 'cells']);

/** A consumer with more subjects than that costs the server more than it saves. */
const MAX_NAMES = 64;

/** Timers of Node take at most this. */
const LONGEST = 0x7fffffff;

/** @throws TypeError, RangeError that names the option. @internal */
export function checkFleetOptions(options: FleetOptions): CheckedFleetOptions {
  checkOptionNames('fleet', options, NAMES);
  const { hosts, beat = 2000, silentAfter = 3, goneAfter, cells = 1 } = options;
  return {
    hosts: hostFilter(hosts),
    beat: checkInteger('fleet: beat', beat, 10, 3_600_000),
    silentAfter: checkInteger('fleet: silentAfter', silentAfter, 1, 1000),
    goneAfter: goneAfter === undefined ? undefined : checkInteger('fleet: goneAfter', goneAfter, 0, LONGEST),
    cells: checkInteger('fleet: cells', cells, 1, 1024),
  };
}

/** @throws TypeError if it is not a list of patterns. @internal */
export function hostFilter(patterns: readonly string[] | undefined): HostFilter {
  if (patterns === undefined) return { names: undefined, matches: () => true };
  checkArray('fleet: hosts', patterns);
  if (patterns.length === 0) throw new TypeError('fleet: hosts is empty; omit the option to read all hosts');
  for (const pattern of patterns) {
    if (typeof pattern !== 'string' || pattern === '')
      throw new TypeError(`fleet: hosts: expected names or patterns, not ${kindOf(pattern)}`);
    if (!pattern.includes('*')) encodeToken('fleet: hosts:', pattern);
  }
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const expressions = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => patternExpression(pattern));
  return {
    names: expressions.length === 0 && exact.size <= MAX_NAMES ? [...exact] : undefined,
    matches: (host) => exact.has(host) || expressions.some((expression) => expression.test(host)),
  };
}

function patternExpression(pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
