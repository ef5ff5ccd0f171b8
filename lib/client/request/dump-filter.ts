import type { OperationCodec } from '../../schema/index.js';

/**
 * Returns the value of an object that is compared with the value of the same property in the request.
 *
 * `wanted` is the value in the request, for objects with several values, such as the interfaces of a multipath route.
 *
 * @public
 */
export type FilterReader<Row> = (row: Row, wanted: unknown) => unknown;

/** Filters by the property of the request. @public */
export type RowFilters<Row = never> = Readonly<Record<string, FilterReader<Row>>>;

/** Returns the filters that a dump supports; undefined if it supports none. @public */
export type FindFilters = (op: string, request: object) => RowFilters | undefined;

/** Returns true if a row matches the request. @internal */
export type RowCheck = (row: object) => boolean;

/**
 * Returns true if two values are equal. Of two objects only the properties of the first one are compared.
 *
 * @internal
 */
export function suits(shown: unknown, wanted: unknown): boolean {
  if (Object.is(shown, wanted)) return true;
  if (typeof shown !== 'object' || typeof wanted !== 'object' || shown === null || wanted === null) return false;
  return Object.entries(shown).every(([name, value]) => suits(value, (wanted as Record<string, unknown>)[name]));
}

/**
 * Creates the check for the rows that a request selects by some properties.
 *
 * @param payload - The encoded request. It is decoded again, so that the wanted values have the same form as in rows, e.g.
 * addresses as text. A value that equals the default of the fixed header selects nothing.
 * @param properties - The properties by which rows are checked; each has a filter.
 * @returns The check; undefined if the request selects all rows.
 * @internal
 */
export function requestCheck(
  codec: OperationCodec,
  payload: Uint8Array,
  properties: readonly string[],
  filters: RowFilters,
): RowCheck | undefined {
  if (properties.length === 0) return undefined;
  // A request may have properties that no row has: then it is decoded as a whole.
  const picked = properties.every((property) => codec.properties.includes(property)) ? codec.pick(properties) : codec;
  const shown = picked.decodeRequest(payload, 'dump') as Record<string, unknown>;
  const defaults = picked.decodeRequest(codec.encode({}, 'dump'), 'dump') as Record<string, unknown>;
  const checks = properties.flatMap((property): RowCheck[] => {
    const wanted = shown[property];
    if (wanted === undefined || wanted === 0 || wanted === defaults[property]) return [];
    const read = filters[property] as FilterReader<object>;
    return [(row) => suits(read(row, wanted), wanted)];
  });
  return checks.length === 0 ? undefined : (row) => checks.every((check) => check(row));
}

/**
 * Creates the check for a dump's rows.
 *
 * With strict checking rtnetlink filters some dumps by some properties, and marks every row (NLM_F_DUMP_FILTERED). Without it,
 * and in kernels before 4.20, it ignores the filter silently.
 *
 * @returns The check; undefined if the request has no property with a filter.
 * @internal
 */
export function rowCheck(
  codec: OperationCodec,
  payload: Uint8Array,
  request: object,
  filters: RowFilters | undefined,
): RowCheck | undefined {
  if (filters === undefined) return undefined;
  const asked = Object.keys(request).filter((property) => Object.hasOwn(filters, property));
  return requestCheck(codec, payload, asked, filters);
}
