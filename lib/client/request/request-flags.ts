import { checkBoolean, checkOptionNames } from '../../check/index.js';
import type { RequestOptions } from '../../socket/index.js';
import { MessageFlags } from '../../wire/index.js';

/** The flags of a request: its effect on an object that exists, or that does not. @public */
export interface OperationFlags {
  /** Create the object if it does not exist (`NLM_F_CREATE`). */
  readonly create?: boolean;
  /** Fail if the object exists (`NLM_F_EXCL`). */
  readonly exclusive?: boolean;
  /** Replace the object if it exists (`NLM_F_REPLACE`). */
  readonly replace?: boolean;
  /** Add the object at the end of the list (`NLM_F_APPEND`). */
  readonly append?: boolean;
  /** Reply with the object as the kernel holds it afterwards (`NLM_F_ECHO`). */
  readonly echo?: boolean;
  /** Delete only the object, not its children (`NLM_F_NONREC`). */
  readonly nonRecursive?: boolean;
  /** Delete all objects that match (`NLM_F_BULK`). */
  readonly bulk?: boolean;
}

/** Options of `do()` of a family client. @public */
export interface DoOptions extends OperationFlags, Omit<RequestOptions, 'dump' | 'operation'> {}

/** Options of `doSync()` of a family client. @public */
export type SyncDoOptions = Omit<DoOptions, 'signal' | 'ordered'>;

const FLAGS: ReadonlyMap<string, number> = new Map<keyof OperationFlags, number>([
  ['create', MessageFlags.Create],
  ['exclusive', MessageFlags.Exclusive],
  ['replace', MessageFlags.Replace],
  ['append', MessageFlags.Append],
  ['echo', MessageFlags.Echo],
  ['nonRecursive', MessageFlags.NonRecursive],
  ['bulk', MessageFlags.Bulk],
]);

const NAMES: readonly string[] = [...FLAGS.keys()];
const DO_OPTIONS: ReadonlySet<string> = new Set([...NAMES, 'ack', 'timeout', 'signal', 'ordered', 'pick']);
const FLAG_OPTIONS: ReadonlySet<string> = new Set(NAMES);

/**
 * Returns the message flags for the options of a single request.
 *
 * @throws TypeError if an option is unknown.
 * @internal
 */
export function requestFlags(options: DoOptions): number {
  checkOptionNames('do', options, DO_OPTIONS);
  return flagsOf('do', options);
}

/**
 * Returns the message flags for an operation of a batch, of a transaction or of `send()`: it cannot be awaited or aborted alone.
 *
 * @param name - The method, for errors.
 * @throws TypeError if an option is not a flag.
 * @internal
 */
export function operationFlags(name: 'batch' | 'transaction' | 'send', options: OperationFlags): number {
  checkOptionNames(name, options, FLAG_OPTIONS);
  return flagsOf(name, options);
}

function flagsOf(name: string, options: OperationFlags): number {
  let flags = 0;
  // A batch has many thousands of options objects, of two or three flags each.
  for (const option in options) {
    const flag = FLAGS.get(option);
    const on = options[option as keyof OperationFlags];
    if (flag === undefined || on === undefined) continue;
    if (typeof on !== 'boolean') checkBoolean(`${name}: option ${option}`, on);
    if (on) flags |= flag;
  }
  return flags;
}
