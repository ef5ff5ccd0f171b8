import type { OperationCodec } from '../schema/index.js';

/**
 * What an object must have where a request chooses by a property: told from the object, and where that takes it, from what is
 * wanted. What it answers is compared with what is wanted.
 *
 * @public
 */
export type FilterReader<Row> = (row: Row, wanted: unknown) => unknown;

/** By the property of the request. @public */
export type RowFilters<Row = never> = Readonly<Record<string, FilterReader<Row>>>;

/** The properties by which a dump may be asked for some rows only; undefined where there are none. @public */
export type FindFilters = (op: string, request: object) => RowFilters | undefined;

/** Tells whether a row is one that was asked for. @internal */
export type RowCheck = (row: object) => boolean;

/**
 * Tells whether what an object has is what is wanted: equal, or of objects equal in everything that the first one has.
 *
 * @internal
 */
export function suits(shown: unknown, wanted: unknown): boolean {
  if (Object.is(shown, wanted)) return true;
  if (typeof shown !== 'object' || typeof wanted !== 'object' || shown === null || wanted === null) return false;
  return Object.entries(shown).every(([name, value]) => suits(value, (wanted as Record<string, unknown>)[name]));
}

/**
 * Makes the check for the rows that a request asks for by some properties.
 *
 * @param payload - The request as it is sent: what is wanted is read from it in the form that rows have, whatever form the caller
 * chose. What has the value that fixed headers have where nothing is said asks for nothing.
 * @param properties - By which rows are checked; each has a filter.
 * @returns Undefined where nothing is asked for.
 * @internal
 */
export function requestCheck(
  codec: OperationCodec,
  payload: Uint8Array,
  properties: readonly string[],
  filters: RowFilters,
): RowCheck | undefined {
  if (properties.length === 0) return undefined;
  const picked = codec.pick(properties);
  const shown = picked.decodePayload(payload) as Record<string, unknown>;
  const unsaid = picked.decodePayload(codec.encode({}, 'dump')) as Record<string, unknown>;
  const checks = properties.flatMap((property): RowCheck[] => {
    const wanted = shown[property];
    if (wanted === undefined || wanted === 0 || wanted === unsaid[property]) return [];
    const read = filters[property] as FilterReader<object>;
    return [(row) => suits(read(row, wanted), wanted)];
  });
  return checks.length === 0 ? undefined : (row) => checks.every((check) => check(row));
}

/**
 * Makes the check for a dump's rows: rtnetlink filters some dumps by some properties only with strict checking, and says so in
 * every row; older kernels, and those that were asked not to, leave the filter out without a word.
 *
 * @returns Undefined where the request asks for no such property.
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
