import { Unknown, type OperationCodec, suggestion } from '../schema/index.js';

/** Names of the properties that a row, or any of several kinds of row, may have. @public */
export type PropertyOf<Row> = Row extends object ? keyof Row & string : never;

/** A row with the picked properties only; what lies in them is whole. @public */
export type PickedRow<Row, Name extends string> = PickedOf<Extract<Row, object>, Name> | Exclude<Row, object>;

/** Of several kinds of row one type, unless it matters for the picked properties which kind it is. @public */
export type PickedOf<Row, Name extends string> = [Name] extends [keyof Row]
  ? Pick<Row, Name> extends PickedOfEach<Row, Name>
    ? Pick<Row, Name>
    : PickedOfEach<Row, Name>
  : PickedOfEach<Row, Name>;

/** Each of several kinds of row with those of the picked properties that it has. @public */
export type PickedOfEach<Row, Name extends string> = Row extends unknown ? Pick<Row, Name & keyof Row> : never;

/** Which properties to decode. @public */
export interface PickOption<Name extends string> {
  /**
   * Names of header fields and attributes, of the row itself. All else is passed over as fast as can be, and is missing: also
   * what the family does not know, so there is nothing under {@link Unknown}, but for picked properties that do not fit.
   */
  readonly pick: readonly Name[];
}

/**
 * The codec for a pick, where some more properties may be needed to get the rows.
 *
 * @param codec - Decodes everything.
 * @param needed - Properties that are needed, picked or not.
 * @returns The codec, and what takes off a row what was not picked; undefined where nothing has to be.
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
 * The codecs for a pick from several kinds of message: each gives what it has of it.
 *
 * @param where - What they are messages of, for errors.
 * @throws TypeError for a property that none of them has.
 * @internal
 */
export function pickedCodecs<Key>(
  codecs: ReadonlyMap<Key, OperationCodec>,
  pick: readonly string[] | undefined,
  where: string,
): ReadonlyMap<Key, OperationCodec> {
  if (pick === undefined) return codecs;
  const known = new Set([...codecs.values()].flatMap(({ properties }) => properties));
  const stranger = pick.find((name) => !known.has(name));
  if (stranger !== undefined)
    throw new TypeError(`${where}: nothing has a property '${stranger}' to pick${suggestion(stranger, known, ': ')}`);
  return new Map([...codecs].map(([key, codec]) => [key, codec.pick(pick.filter((name) => codec.properties.includes(name)))]));
}

function onlyOf(row: object, names: ReadonlySet<string>): object {
  const kept: object = Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
  return Unknown in row ? Object.assign(kept, { [Unknown]: row[Unknown] }) : kept;
}
