import { checkBoolean, checkOptionNames } from '../check/checks.js';
import type { RequestOptions } from '../socket/index.js';
import { MessageFlags } from '../wire/index.js';

/** What a request is to do where its object is there already, or is not. @public */
export interface OperationFlags {
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

/** What a request is to do where its object is there already, or is not; and how to treat it. @public */
export interface DoOptions extends OperationFlags, Omit<RequestOptions, 'dump' | 'operation'> {}

/** The same for a request that is waited for. @public */
export type SyncDoOptions = Omit<DoOptions, 'signal' | 'ordered'>;

const FLAGS: readonly (readonly [keyof OperationFlags, number])[] = [
  ['create', MessageFlags.Create],
  ['exclusive', MessageFlags.Exclusive],
  ['replace', MessageFlags.Replace],
  ['append', MessageFlags.Append],
  ['echo', MessageFlags.Echo],
  ['nonRecursive', MessageFlags.NonRecursive],
  ['bulk', MessageFlags.Bulk],
];

const NAMES: readonly string[] = FLAGS.map(([name]) => name);
const OF_ONE: ReadonlySet<string> = new Set([...NAMES, 'ack', 'timeout', 'signal', 'ordered', 'pick']);
const OF_MANY: ReadonlySet<string> = new Set(NAMES);

/**
 * The message flags that the options of one request stand for.
 *
 * @throws TypeError if there is an option that nobody knows.
 * @internal
 */
export function requestFlags(options: DoOptions): number {
  checkOptionNames('do', options, OF_ONE);
  return flagsOf('do', options);
}

/**
 * The message flags of one of many operations that go out together: there is nothing to wait for, or to abort, of it alone.
 *
 * @param name - What they go out with, for an error.
 * @throws TypeError if there is an option that is no flag.
 * @internal
 */
export function operationFlags(name: 'batch' | 'transaction', options: OperationFlags): number {
  checkOptionNames(name, options, OF_MANY);
  return flagsOf(name, options);
}

function flagsOf(name: string, options: OperationFlags): number {
  return FLAGS.reduce((flags, [option, flag]) => {
    const on = options[option];
    if (on !== undefined) checkBoolean(`${name}: option ${option}`, on);
    return on === true ? flags | flag : flags;
  }, 0);
}
