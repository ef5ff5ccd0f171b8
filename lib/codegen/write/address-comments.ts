import type { AddressSchema, FamilySchema, ValueSchema } from '../../schema/index.js';
import type { Direction } from '../../schema/internal.js';

const FORMS: Readonly<Record<string, string>> = {
  ipv4: 'An IPv4 address',
  ipv6: 'An IPv6 address',
  'ipv4-or-v6': 'An IPv4 or IPv6 address',
  netmask: "The mask of an IPv4 address: `'255.255.255.0'`; or the prefix length of an IPv6 address: `64`",
  mac: "A link-layer address: `'02:00:00:00:00:01'`",
  'sockaddr_in-or-sockaddr_in6': "An address with a port: `'192.0.2.1:51820'` or `'[2001:db8::1]:51820'`",
};

/** Describes the text of an address; undefined for other values. @internal */
export function addressComment({ hint, element, address = {} }: ValueSchema, direction: Direction): string | undefined {
  const form = address.width === undefined ? FORMS[hint ?? ''] : FORMS['ipv4-or-v6'];
  if (form === undefined) return element === undefined ? undefined : addressComment(element, direction);
  const { family, prefix } = address;
  const example = hint === 'ipv6' ? "'fd60::/32'" : "'10.60.0.0/16'";
  const length = prefix === undefined ? '' : `, alone or with the length that ${field(prefix)} holds: \`${example}\``;
  const agreement = family === undefined ? '' : `; of the family in ${field(family)}`;
  if (address.width !== undefined && direction === 'reply') return `${form}${agreement}; for another family its 16 bytes.`;
  return `${form}${length}${agreement}.`;
}

/** Describes the fields that addresses set, by property. @internal */
export function fieldComments(addresses: readonly (AddressSchema | undefined)[]): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { family, prefix } of addresses.filter((address) => address !== undefined)) {
    if (family !== undefined) comments.set(family, 'Address family. In requests the first address sets it if it is omitted.');
    if (prefix !== undefined) comments.set(prefix, 'Prefix length. In requests it may be a part of the address instead.');
  }
  return comments;
}

/** Describes header fields that addresses of a following set write, and masks. @internal */
export function headerComments({ sets, structs }: FamilySchema): ReadonlyMap<string, string> {
  const values = [...sets.flatMap(({ attributes }) => attributes), ...structs.flatMap(({ members }) => members)];
  const comments = new Map(fieldComments(values.map(({ address }) => address)));
  for (const { property, maskOf } of structs.flatMap(({ members }) => members)) {
    if (maskOf !== undefined)
      comments.set(property, `Bits of ${field(maskOf.property)} that a request changes; if omitted, those that are set.`);
  }
  return comments;
}

/** Prints a property in a comment so that its name cannot end the comment. */
function field(property: string): string {
  return /^\w+$/.test(property) ? `\`${property}\`` : 'another field';
}
