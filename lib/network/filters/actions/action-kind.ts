import type { Options } from '../../fields/option.js';
import { readOptions, shapeOf, writeOptions, type OptionTable } from '../../fields/option-table.js';
import type { Normal, Shape } from '../../fields/shape.js';
import type { LinkNames } from '../../names/link-names.js';

/** The engine's attributes of an action. @internal */
export type ActionData = Readonly<Record<string, unknown>>;

/** The translation of the actions of one kind. @internal */
export interface ActionKind {
  /** The properties that writers accept. */
  readonly shape: Shape;
  /** Properties that a new action needs. */
  readonly needs?: readonly string[];
  /** The attributes that the properties mean. */
  readonly attributes: readonly string[];
  /** The attribute with the struct of the general properties; `parms` if omitted. */
  readonly parms?: 'tbf';
  /** Translates the attributes of an action; the struct is `parms` for most kinds. */
  readonly read: (data: ActionData, names: LinkNames) => Record<string, unknown>;
  /** Translates a new action into attributes; omitted properties get defaults. */
  readonly write: (wanted: Normal, names: LinkNames) => ActionData;
  /** Compares single properties. */
  readonly equal?: Readonly<Record<string, (wanted: unknown, found: unknown, action: Normal) => boolean>>;
}

/** The struct of the general properties of an action, and those of its kind. */
type Parameters = Readonly<Record<string, unknown>>;

/** A kind whose properties are one attribute each. @internal */
export interface SimpleKind<T> {
  readonly options: Omit<Options<T>, 'kind' | 'index' | 'statistics'>;
  /** The properties of a new action that are omitted. */
  readonly defaults: (wanted: Normal) => Readonly<Record<string, unknown>>;
  readonly needs?: readonly string[];
  /** The attributes that stand in the struct `parms`. */
  readonly inParms: readonly string[];
}

/** Returns the translation of a kind from a table. @internal */
export function simpleKind<T>({ options, defaults, inParms, needs = [] }: SimpleKind<T>): ActionKind {
  const table = options as OptionTable;
  return {
    shape: shapeOf(table),
    needs,
    attributes: Object.values(table).map(({ attribute }) => attribute),
    read: ({ parms, ...attributes }, names) => readOptions(table, { ...attributes, ...(parms as Parameters | undefined) }, names) ?? {},
    write: (wanted, names) => {
      const entries = Object.entries(writeOptions(table, { ...defaults(wanted), ...wanted }, names));
      const isParameter = ([name]: readonly [string, unknown]): boolean => inParms.includes(name);
      return {
        parms: Object.fromEntries(entries.filter(isParameter)),
        ...Object.fromEntries(entries.filter((entry) => !isParameter(entry))),
      };
    },
  };
}
