import { suggestion } from '../check/index.js';
import { Unknown, type OperationCodec } from '../schema/index.js';

/** The names of the properties of a row; of a union those of all members. @public */
export type PropertyOf<Row> = Row extends object ? keyof Row & string : never;

/** A row with the picked properties only; nested values are complete. @public */
export type PickedRow<Row, Name extends string> = PickedOf<Extract<Row, object>, Name> | Exclude<Row, object>;

/** The type of a picked row: of a union a single type if the picked properties are the same in all members. @public */
export type PickedOf<Row, Name extends string> = [Name] extends [keyof Row]
  ? Pick<Row, Name> extends PickedOfEach<Row, Name>
    ? Pick<Row, Name>
    : PickedOfEach<Row, Name>
  : PickedOfEach<Row, Name>;

/** A union of the members of a row type, each with those picked properties that it has. @public */
export type PickedOfEach<Row, Name extends string> = Row extends unknown ? Pick<Row, Name & keyof Row> : never;

/** The option that selects the properties to decode. @public */
export interface PickOption<Name extends string> {
  /**
   * Names of header fields and attributes of the row itself. The decoder skips all others as fast as possible. Unknown
   * attributes are also skipped: {@link Unknown} holds only picked properties whose payload does not fit their type.
   */
  readonly pick: readonly Name[];
}

/**
 * Returns the codec for a pick, with further properties that are needed to compute the rows.
 *
 * @param codec - Decodes all properties.
 * @param needed - Properties that are needed, picked or not.
 * @returns The codec, and a function that removes the properties that were not picked; undefined if there are none.
 * @throws TypeError for a property that the operation lacks.
 * @internal
 */
export function pickedCodec(
  codec: OperationCodec,
  pick: readonly string[] | undefined,
  needed: readonly string[] = [],
): { readonly codec: OperationCodec; readonly takeOff?: (row: object) => object } {
  if (pick === undefined) return { codec };
  const picked = codec.pick(pick);
  if (needed.every((name) => pick.includes(name))) return { codec: picked };
  const names = new Set(pick);
  return { codec: codec.pick([...pick, ...needed]), takeOff: (row) => onlyOf(row, names) };
}

/**
 * Returns the codecs for a pick from several kinds of message: each decodes those picked properties that it has.
 *
 * @param where - The family, for errors.
 * @throws TypeError for a property that no message has.
 * @internal
 */
export function pickedCodecs<Key>(
  codecs: ReadonlyMap<Key, OperationCodec>,
  pick: readonly string[] | undefined,
  where: string,
): ReadonlyMap<Key, OperationCodec> {
  if (pick === undefined) return codecs;
  const known = new Set([...codecs.values()].flatMap(({ properties }) => properties));
  const unknown = pick.find((name) => !known.has(name));
  if (unknown !== undefined) throw new TypeError(`${where}: pick: unknown property '${unknown}'${suggestion(unknown, known, '; ')}`);
  return new Map([...codecs].map(([key, codec]) => [key, codec.pick(pick.filter((name) => codec.properties.includes(name)))]));
}

function onlyOf(row: object, names: ReadonlySet<string>): object {
  const kept: object = Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
  return Unknown in row ? Object.assign(kept, { [Unknown]: row[Unknown] }) : kept;
}
