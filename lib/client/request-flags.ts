import type { RequestOptions } from '../socket/index.js';
import { MessageFlags } from '../wire/index.js';

/** What a request is to do where its object is there already, or is not; and how to treat it. @public */
export interface DoOptions extends Omit<RequestOptions, 'dump' | 'operation'> {
  /** Create it where it is not there (`NLM_F_CREATE`). */
  readonly create?: boolean;
  /** Fail where it is there (`NLM_F_EXCL`). */
  readonly exclusive?: boolean;
  /** Replace what is there (`NLM_F_REPLACE`). */
  readonly replace?: boolean;
  /** Add it at the end of the list (`NLM_F_APPEND`). */
  readonly append?: boolean;
  /** Get the object back as the kernel has it now (`NLM_F_ECHO`). */
  readonly echo?: boolean;
  /** Delete only it, not what lies below it (`NLM_F_NONREC`). */
  readonly nonRecursive?: boolean;
  /** Delete all that match (`NLM_F_BULK`). */
  readonly bulk?: boolean;
}

/** The same for a request that is waited for. @public */
export type SyncDoOptions = Omit<DoOptions, 'signal' | 'ordered'>;

const FLAGS: readonly (readonly [keyof DoOptions, number])[] = [
  ['create', MessageFlags.Create],
  ['exclusive', MessageFlags.Exclusive],
  ['replace', MessageFlags.Replace],
  ['append', MessageFlags.Append],
  ['echo', MessageFlags.Echo],
  ['nonRecursive', MessageFlags.NonRecursive],
  ['bulk', MessageFlags.Bulk],
];

const KNOWN: ReadonlySet<string> = new Set([...FLAGS.map(([name]) => name), 'ack', 'timeout', 'signal', 'ordered', 'pick']);

/**
 * The message flags that options stand for.
 *
 * @throws TypeError if there is an option that nobody knows.
 * @internal
 */
export function requestFlags(options: DoOptions): number {
  checkOptionNames(options, KNOWN);
  return FLAGS.reduce((flags, [name, flag]) => (options[name] === true ? flags | flag : flags), 0);
}

/** @throws TypeError if there is an option that is not among the known ones. @internal */
export function checkOptionNames(options: object, known: ReadonlySet<string>): void {
  for (const name in options) {
    if (!known.has(name)) throw new TypeError(`unknown option '${name}'; there are ${[...known].join(', ')}`);
  }
}
