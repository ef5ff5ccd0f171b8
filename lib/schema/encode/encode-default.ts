import type { Scope } from '../codec/back-end.js';
import type { EncodeContext } from '../codec/encode-context.js';
import type { StructSchema } from '../descriptor/descriptor.js';
import { ownValue } from './encode-mask.js';
import type { MemberWriter } from './member-writer.js';

/** Writes the header fields that a request omits and that are not 0. @internal */
export type DefaultWriter = (context: EncodeContext, start: number, scope: Scope) => void;

/**
 * Makes the writer of a header's defaults, and of the field that identifies the operation among those of its number.
 *
 * It runs after the addresses of the request: an address may have set its family.
 *
 * @internal
 */
export function defaultWriter({ members }: StructSchema, writers: ReadonlyMap<string, MemberWriter>): DefaultWriter {
  const defaults = members.flatMap(({ property, default: value }) => (value === undefined ? [] : [{ property, value }]));
  return (context, start, scope) => {
    const { chooser } = context.request ?? {};
    const isSet = (property: string): boolean =>
      ownValue(scope.value, property) !== undefined || scope.fields?.setBy(property) !== undefined;
    for (const { property, value } of defaults) {
      if (!isSet(property) && property !== chooser?.property) writers.get(property)?.(context, start, value, scope);
    }
    if (chooser === undefined || scope.outer !== undefined) return;
    const { property, values } = chooser;
    if (!isSet(property)) writers.get(property)?.(context, start, values[0], scope);
    const setter = scope.fields?.setBy(property);
    if (setter === undefined || values.includes(setter.value)) return;
    const { operation } = context.request!;
    context.failAt(setter.by, `${property} would be ${setter.value}, which is not for ${operation}; expected ${values.join(' or ')}`);
  };
}
