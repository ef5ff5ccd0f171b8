import type { EncodeContext } from '../codec/encode-context.js';
import { show } from '../codec/encode-context.js';
import type { AttributeSchema, MemberSchema } from '../descriptor/descriptor.js';
import type { SchemaNames } from '../codec/schema-names.js';

/**
 * Wraps the writer of an attribute or a member so that requests have only the numbers that the schema allows.
 *
 * @param at - Returns the value from the arguments after the context.
 * @returns `write` itself if all numbers are allowed.
 * @internal
 */
export function onlyAllowed<Rest extends readonly unknown[]>(
  names: SchemaNames,
  { only, enum: enumeration }: Pick<AttributeSchema | MemberSchema, 'only' | 'enum'>,
  at: (rest: Rest) => unknown,
  write: (context: EncodeContext, ...rest: Rest) => void,
): (context: EncodeContext, ...rest: Rest) => void {
  if (only === undefined) return write;
  const shown = enumeration === undefined ? only : only.map((number) => names.enumNames(enumeration).show(number));
  const allowed = new Set<unknown>([...only, ...shown]);
  return (context, ...rest) => {
    const value = at(rest);
    if (context.request !== undefined && !allowed.has(value))
      context.fail(`${show(value)} is not possible here; expected ${shown.map((one) => String(one)).join(', ')}`);
    write(context, ...rest);
  };
}
