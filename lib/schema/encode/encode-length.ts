import type { EncodeContext } from '../codec/encode-context.js';
import type { Scope } from '../codec/back-end.js';
import { countedMember } from '../codec/struct/struct-end.js';
import type { StructSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { ownValue } from './encode-mask.js';
import type { MemberWriter } from './member-writer.js';

/** Writes the length of a struct's last member, which is the end of what was written. @internal */
export type LengthWriter = (context: EncodeContext, start: number, scope: Scope) => void;

/**
 * Makes the writer of the length of a struct's last member: it fills in a length that is omitted, and rejects a wrong one in a request.
 *
 * @returns Undefined for a struct without such a member.
 * @internal
 */
export function lengthWriter(
  index: SchemaIndex,
  struct: StructSchema,
  writers: ReadonlyMap<string, MemberWriter>,
): LengthWriter | undefined {
  const counted = countedMember(index, struct);
  if (counted === undefined) return undefined;
  const { member, length, unit } = counted;
  const write = writers.get(length.property);
  if (write === undefined) return undefined;
  return (context, start, scope) => {
    const size = context.writer.length - start - struct.size;
    const given = ownValue(scope.value, length.property);
    if ((8 * size) % unit !== 0 && context.request !== undefined)
      context.fail(`${member.property} has ${size} bytes; expected a multiple of ${unit / 8}`);
    context.path.push(length.property);
    if (given === undefined || Math.ceil((Number(given) * unit) / 8) !== size) {
      if (given !== undefined && context.request !== undefined)
        context.fail(`${Number(given)} is not the length of ${member.property}, which has ${size} bytes; omit ${length.property}`);
      write(context, start, Math.floor((8 * size) / unit), scope);
    }
    context.path.pop();
  };
}
