import { GENERIC_HEADER_SIZE, alignLength } from '../../wire/index.js';
import type { FamilySchema, StructSchema } from '../descriptor/descriptor.js';

/** The places in the payload of a request. @internal */
export interface RequestLayout {
  /** The header of the operation; undefined if it has none. */
  readonly header: StructSchema | undefined;
  /** The offset of that header. */
  readonly begin: number;
  /** The offset of the attributes. */
  readonly start: number;
}

/** Returns the places in a request with a header. @internal */
export function requestLayout({ structs, generic }: FamilySchema, fixedHeader: string | undefined): RequestLayout {
  const header = structs.find(({ name }) => name === fixedHeader);
  const begin = generic === undefined ? 0 : GENERIC_HEADER_SIZE;
  return { header, begin, start: begin + alignLength(header?.size ?? 0) };
}
