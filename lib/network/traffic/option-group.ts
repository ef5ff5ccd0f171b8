import { plain, type Option } from '../fields/option.js';
import { readOptions, shapeOf, writeOptions, type OptionTable } from '../fields/option-table.js';
import { object } from '../fields/shape.js';
import { LinkNames } from '../names/link-names.js';

/** No option of traffic control names a link. */
const NO_NAMES = new LinkNames();

/**
 * Options in an object of their own.
 *
 * @param read - Completes the values; undefined if the whole object is absent.
 * @internal
 */
export function optionGroup(attribute: string, table: OptionTable, read: (values: object) => unknown): Option {
  return {
    ...plain(attribute, object(shapeOf(table)), { nullable: true }),
    group: table,
    read: (value) => read(readOptions(table, value as object, NO_NAMES) ?? {}),
    write: (value) => (value === null ? {} : writeOptions(table, value as Readonly<Record<string, unknown>>, NO_NAMES)),
  };
}
