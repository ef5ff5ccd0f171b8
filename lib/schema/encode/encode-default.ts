import type { Scope } from '../codec/back-end.js';
import type { EncodeContext, PropertyEncoder } from '../codec/encode-context.js';
import type { AttributeSetSchema, StructSchema } from '../descriptor/descriptor.js';
import { ownValue } from './encode-mask.js';
import type { MemberWriter } from './member-writer.js';

/** Writes the members of a struct that a request omits and that are not 0. @internal */
export type DefaultWriter = (context: EncodeContext, start: number, scope: Scope) => void;

/** Returns true if the caller, or an address, has set a property. */
function isSet({ value, fields }: Scope, property: string): boolean {
  return ownValue(value, property) !== undefined || fields?.setBy(property) !== undefined;
}

/** Makes the writer of a struct's defaults; undefined if it has none. It runs after the addresses, which may set other members. @internal */
export function defaultWriter({ members }: StructSchema, writers: ReadonlyMap<string, MemberWriter>): DefaultWriter | undefined {
  const defaults = members.flatMap(({ property, default: value }) => (value === undefined ? [] : [{ property, value }]));
  if (defaults.length === 0) return undefined;
  return (context, start, scope) => {
    if (context.request === undefined) return;
    for (const { property, value } of defaults) {
      if (!isSet(scope, property) && property !== context.request.chooser?.property) writers.get(property)?.(context, start, value, scope);
    }
  };
}

/** Makes the writer of the attributes that a request omits and that have a default; undefined if the set has none. @internal */
export function defaultAttributes(
  { attributes }: AttributeSetSchema,
  encoders: Pick<ReadonlyMap<string, PropertyEncoder>, 'get'>,
): ((context: EncodeContext, scope: Scope, depth: number) => void) | undefined {
  const defaults = attributes.flatMap(({ property, default: value }) => (value === undefined ? [] : [{ property, value }]));
  if (defaults.length === 0) return undefined;
  return (context, scope, depth) => {
    if (context.request === undefined) return;
    for (const { property, value } of defaults) {
      const number = value === 'position' ? positionOf(context) : value;
      if (number !== undefined && !isSet(scope, property)) encoders.get(property)?.(context, number, scope, depth);
    }
  };
}

/** Returns the position, from 1, of the current nest in its list; undefined if it is not in a list. */
function positionOf({ path }: EncodeContext): number | undefined {
  const index = path.at(-1);
  return typeof index === 'number' ? index + 1 : undefined;
}

/**
 * Writes the field of the message's header that identifies the operation among those of its number.
 *
 * It runs after the addresses of the request: an address may have set its family.
 *
 * @internal
 */
export function writeChooser(context: EncodeContext, start: number, writers: ReadonlyMap<string, MemberWriter>, scope: Scope): void {
  const { chooser, operation = '' } = context.request ?? {};
  if (chooser === undefined || scope.outer !== undefined) return;
  const { property, values } = chooser;
  if (!isSet(scope, property)) writers.get(property)?.(context, start, values[0], scope);
  const setter = scope.fields?.setBy(property);
  if (setter === undefined || values.includes(setter.value)) return;
  context.failAt(setter.by, `${property} would be ${setter.value}, which is not for ${operation}; expected ${values.join(' or ')}`);
}
