import { type EncodeContext, type PropertyEncoder, show } from '../codec/encode-context.js';
import type { AttributeSchema, IgnoredRule } from '../descriptor/descriptor.js';
import { propertyAt } from '../explain/request-object.js';

/**
 * Wraps the encoder of an attribute so that it rejects a request in which the kernel would silently ignore the attribute.
 *
 * @returns `encode` itself if the schema lists no such case.
 * @internal
 */
export function notIgnored({ ignored }: AttributeSchema, encode: PropertyEncoder): PropertyEncoder {
  if (ignored === undefined) return encode;
  return (context, value, scope, depth) => {
    if (context.request !== undefined) for (const rule of ignored) check(context, rule, value, scope.value);
    encode(context, value, scope, depth);
  };
}

/** Rejects the value if all conditions of the rule apply. */
function check(context: EncodeContext, rule: IgnoredRule, value: unknown, given: object): void {
  const { beside, without, when, bits, notZero } = rule;
  const present = beside?.find((property) => propertyAt(given, property) !== undefined);
  if (beside !== undefined && present === undefined) return;
  if (without?.some((property) => propertyAt(given, property) !== undefined) === true) return;
  const other = when === undefined ? undefined : propertyAt(given, when.property);
  if (when !== undefined && (other === undefined || !applies(when, other as number | string))) return;
  if (bits !== undefined && (typeof value !== 'number' || (value & bits) === 0)) return;
  if (notZero === true && (value === 0 || value === 0n)) return;
  const subject = bits === undefined ? 'this' : `the bits 0x${(Number(value) & bits).toString(16)}`;
  const reasons = [
    ...(present === undefined ? [] : [`beside ${present}`]),
    ...(without === undefined ? [] : [`without ${without.join(' or ')}`]),
    ...(when === undefined ? [] : [`if ${when.property} is ${show(other)}`]),
  ];
  context.fail(`${show(value)} has no effect: the kernel ignores ${subject} ${reasons.join(' ')}; omit it`);
}

function applies({ values, except }: NonNullable<IgnoredRule['when']>, other: number | string): boolean {
  return (values === undefined || values.includes(other)) && except?.includes(other) !== true;
}
