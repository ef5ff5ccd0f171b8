import type { Options } from '../fields/option.js';
import type { OptionTable } from '../fields/option-table.js';
import type { Normal } from '../fields/shape.js';

/** The engine's properties of a kind. @internal */
export type KindData = Readonly<Record<string, unknown>>;

/** The part of an object on which the options of a kind depend. @internal */
export interface KindContext {
  /** The number of the handle; undefined if the kernel chooses it. */
  readonly handle: number | undefined;
}

/**
 * The translation of the options of one kind of qdiscs or classes.
 *
 * The attribute of an option is a path in the engine's properties: `corr.delayCorr`.
 *
 * @internal
 */
export interface TrafficKind<T> {
  readonly options: Options<T>;
  /** The kernel resets options that a change omits; a change sends all of them. */
  readonly whole?: true;
  /** The kernel changes no option of an existing object. */
  readonly fixed?: true;
  /** The kernel rejects a request without the attribute of options, which may be empty. */
  readonly always?: true;
  /** The options that a new object needs. */
  readonly needs?: readonly string[];
  /** Checks options as they are written; not called for those that were read. @throws FieldError with the path inside of the kind */
  readonly checkGiven?: (options: Readonly<Record<string, unknown>>) => void;
  /** Checks options that depend on each other, as far as they are given. @throws FieldError with the path inside of the kind */
  readonly check?: (options: Normal, context: KindContext) => void;
  /** Checks all options of an object as it will be. @throws FieldError with the path inside of the kind */
  readonly checkWhole?: (options: Normal) => void;
  /** Adds properties to those of the engine before the table is applied. */
  readonly fromData?: (data: KindData, context: KindContext) => KindData;
  /**
   * Completes the engine's properties after the table.
   *
   * @param data - The written properties, by path.
   * @param options - All options of the object as it will be.
   */
  readonly toData?: (data: KindData, options: Normal) => KindData;
  /** Returns existing options with the wanted ones in them, where some exclude others. */
  readonly merge?: (found: Normal, wanted: Normal) => Normal;
  /** Compares single options whose values depend on others. */
  readonly equal?: Readonly<Record<string, (wanted: unknown, found: unknown, options: Normal) => boolean>>;
}

/** A kind without the type of its options. @internal */
export interface KnownKind extends Omit<TrafficKind<object>, 'options'> {
  readonly options: OptionTable;
}

/** The kinds of one table, by name. @internal */
export type KnownKinds = ReadonlyMap<string, KnownKind>;
