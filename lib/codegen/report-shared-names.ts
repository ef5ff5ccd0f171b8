import type { FamilySchema, ValueSchema } from '../schema/index.js';
import { hasValue } from '../schema/internal.js';
import type { NoteTaker } from './report-unlisted-attributes.js';

/** A name that a fixed header and an attribute after it share. @internal */
export interface SharedName {
  readonly struct: string;
  readonly set: string;
  readonly property: string;
  /** The types of the field and of the attribute in the descriptor. */
  readonly types: readonly [field: string, attribute: string];
}

/**
 * Finds the names that a fixed header shares with an attribute of the set after it: in messages, sub-messages, nests and records.
 *
 * Both have the same property. A request sets the one that can hold the value, or both.
 *
 * @internal
 */
export function findSharedNames({ operations, sets, subMessages, structs }: FamilySchema): SharedName[] {
  const bodies = [
    ...operations.flatMap(({ fixedHeader, set, variants = [], do: doing, dump }) => [
      ...[set, ...variants.map((variant) => variant.set)].map((own) => [fixedHeader, own]),
      ...[doing?.input, dump?.input].map((input) => [input?.fixedHeader, input?.set]),
    ]),
    ...subMessages.flatMap(({ formats }) => formats.map(({ fixedHeader, set }) => [fixedHeader, set])),
    ...sets.flatMap(({ attributes }) => attributes.map(({ struct, set }) => [struct, set])),
  ];
  const found = new Map<string, SharedName>();
  for (const [header, name] of bodies) {
    const [struct, set] = [structs.find((one) => one.name === header), sets.find((one) => one.name === name)];
    for (const { property, type: fieldType, ...field } of struct?.members ?? []) {
      const attribute = set?.attributes.find((one) => one.property === property && hasValue(one));
      if (struct === undefined || set === undefined || fieldType === 'pad' || attribute === undefined) continue;
      const types = [textOf({ type: fieldType, ...field }), textOf(attribute)] as const;
      found.set(`${struct.name} ${set.name} ${property}`, { struct: struct.name, set: set.name, property, types });
    }
  }
  return [...found.values()];
}

/** Reports each name of {@link findSharedNames}. @internal */
export function reportSharedNames(schema: FamilySchema, note: NoteTaker): void {
  for (const { struct, set, property, types } of findSharedNames(schema)) {
    note(`${schema.source}.yaml: '${property}' is a field of ${struct} (${types[0]}) and an attribute of ${set} (${types[1]})`);
  }
}

function textOf({ type, struct, set, element }: ValueSchema): string {
  return [type, struct ?? set ?? element?.type].filter((word) => word !== undefined).join(' ');
}
