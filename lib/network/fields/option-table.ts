import type { LinkNames } from '../names/link-names.js';
import type { Option } from './option.js';
import type { Normal, Shape } from './shape.js';

/** A table of options without the type that it describes. @internal */
export type OptionTable = Readonly<Record<string, Option>>;

/** Returns the shape of the options of a table. @internal */
export function shapeOf(table: OptionTable): Shape {
  const entries = Object.entries(table);
  return {
    fields: Object.fromEntries(entries.filter(([, option]) => option.out !== true).map(([name, option]) => [name, option.check])),
    nullable: entries.filter(([, option]) => option.nullable === true).map(([name]) => name),
    out: entries.filter(([, option]) => option.out === true).map(([name]) => name),
  };
}

/** Translates the engine's properties into those of an object; `undefined` if none of them is there. @internal */
export function readOptions(table: OptionTable, values: object, names: LinkNames): Record<string, unknown> | undefined {
  const read: Record<string, unknown> = {};
  for (const name in table) {
    const option = table[name]!;
    const value = (values as Record<string, unknown>)[option.attribute];
    const translated = value === undefined ? undefined : option.read(value, names);
    if (translated !== undefined) read[name] = translated;
  }
  return Object.keys(read).length === 0 ? undefined : read;
}

/** Translates properties of an object into the engine's. Properties that only readers return are omitted. @internal */
export function writeOptions(table: OptionTable, wanted: Normal, names: LinkNames): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const option = table[name];
    if (option === undefined || option.out === true) continue;
    const translated = option.write(value, names);
    if (translated !== undefined) written[option.attribute] = translated;
  }
  return written;
}

/** Returns the changed options that the kernel cannot change in place. @internal */
export function fixedOptions(table: OptionTable, changed: Iterable<string>): readonly string[] {
  return [...changed].filter((name) => table[name]?.fixed === true);
}
