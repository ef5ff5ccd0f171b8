import type { AddressSchema, AttributeSchema, AttributeSetSchema, StructSchema, ValueSchema } from '../../schema/index.js';
import type { SpecNode } from './spec-node.js';

/**
 * Checks that the fields that addresses refer to exist, and pairs the attributes of a set that hold one address family each.
 *
 * @internal
 */
export function linkAddresses(root: SpecNode, sets: readonly AttributeSetSchema[], structs: readonly StructSchema[]): AttributeSetSchema[] {
  const fields = new Set([
    ...sets.flatMap(({ attributes }) => attributes.map(({ property }) => property)),
    ...structs.flatMap(({ members }) => members.map(({ property }) => property)),
  ]);
  const checkFields = (place: string, { address }: ValueSchema): void => {
    for (const field of [address?.family, address?.prefix, ...(address?.elsewhere ?? []).flat()])
      if (field !== undefined && !fields.has(field)) root.fail(`${place}: no header or set has the field '${field}'`);
  };
  for (const { name, members } of structs) {
    for (const member of members) {
      checkFields(`definitions[${name}].members[${member.name}]`, member);
      const { maskOf } = member;
      if (maskOf !== undefined && !members.some(({ property }) => property === maskOf.property))
        root.fail(`definitions[${name}].members[${member.name}]: the struct has no member '${maskOf.property}'`);
    }
  }
  return sets.map((set) => ({
    ...set,
    attributes: set.attributes.map((attribute) => {
      const place = `attribute-sets[${set.name}].attributes[${attribute.name}]`;
      checkFields(place, attribute);
      const { address } = attribute;
      if (address?.other !== undefined) {
        if (!set.attributes.some(({ property }) => property === address.other)) root.fail(`${place}: the set has no '${address.other}'`);
        return attribute;
      }
      const other = counterpart(set, attribute);
      return other === undefined ? attribute : { ...attribute, address: { ...address, other } satisfies AddressSchema };
    }),
  }));
}

/** Returns the attribute of the other address family: `group` holds an IPv4 address, `group6` an IPv6 address. */
function counterpart({ attributes }: AttributeSetSchema, { property, hint }: AttributeSchema): string | undefined {
  if (hint !== 'ipv4' && hint !== 'ipv6') return undefined;
  const candidates =
    hint === 'ipv4' ? [`${property}6`, property.replace('4', '6')] : [property.replace(/6$/, ''), property.replace('6', '4')];
  const wanted = hint === 'ipv4' ? 'ipv6' : 'ipv4';
  return attributes.find((attribute) => attribute.hint === wanted && candidates.includes(attribute.property))?.property;
}
