import type { PropertyEncoder } from '../codec/encode-context.js';
import type { AttributeSchema } from '../descriptor/descriptor.js';
import { ownValue } from './encode-mask.js';

/**
 * Wraps the encoder of a property so that requests do not have another property beside it of which the kernel would ignore one.
 *
 * @returns `encode` itself if the property excludes no other.
 * @internal
 */
export function withoutExcluded({ property, excludes }: AttributeSchema, encode: PropertyEncoder): PropertyEncoder {
  if (excludes === undefined) return encode;
  return (context, value, scope, depth) => {
    const other = context.request === undefined ? undefined : excludes.find((one) => ownValue(scope.value, one) !== undefined);
    if (other !== undefined) context.fail(`the kernel ignores ${other} beside ${property}; omit one of them`);
    encode(context, value, scope, depth);
  };
}
