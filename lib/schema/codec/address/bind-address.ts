import type { AddressFields } from './address-fields.js';
import { familyIn } from './address-scope.js';
import { AddressFamily } from './address-family.js';
import type { Scope } from '../back-end.js';
import { type EncodeContext, show } from '../encode-context.js';
import type { AddressSchema } from '../value-fields.js';

const IPV4_WIDTH = 4;
const IPV6_WIDTH = 16;

interface FamilyName {
  readonly name: string;
  readonly width: number;
}

/**
 * Address families that fix the width of the addresses in a message.
 *
 * All other families carry addresses of several widths, so they fix nothing: AF_BRIDGE forwards to either, AF_MPLS has labels, AF_UNSPEC is a wildcard.
 */
const FAMILIES: Readonly<Record<number, FamilyName>> = {
  [AddressFamily.Inet]: { name: 'AF_INET', width: IPV4_WIDTH },
  [AddressFamily.Inet6]: { name: 'AF_INET6', width: IPV6_WIDTH },
  128: { name: 'RTNL_FAMILY_IPMR', width: IPV4_WIDTH },
  129: { name: 'RTNL_FAMILY_IP6MR', width: IPV6_WIDTH },
};

/**
 * Checks the text of an address against the fields around it, and sets those that the caller omitted.
 *
 * @param width - Bytes of the address.
 * @param length - The prefix length in the text, if there is one.
 * @internal
 */
export function bindAddress(
  context: EncodeContext,
  scope: Scope | undefined,
  rules: AddressSchema,
  text: string,
  width: number,
  length: number | undefined,
): void {
  const { family, prefix } = rules;
  const owner = family === undefined ? undefined : ownerOf(scope, family);
  const what = (): string => `${show(text)} is ${describeAddress(text, width)}`;
  if (owner !== undefined) bindFamily(context, ofKnownFamily(scope, owner, rules), rules, what, width);
  else if (rules.elsewhere !== undefined) checkFamily(context, scope, rules.elsewhere, text, width);
  if (prefix !== undefined) bindPrefix(context, ownerOf(scope, prefix), rules, prefix, text, width, length);
}

/**
 * Checks the family of a value against the field that holds it, and sets the field if the caller omitted it.
 *
 * @param what - Returns the value and its family in words, for an error.
 * @param width - Bytes of the addresses of that family.
 * @internal
 */
export function bindFamilyOf(
  context: EncodeContext,
  scope: Scope | undefined,
  rules: AddressSchema,
  what: () => string,
  width: number,
): void {
  const { family } = rules;
  const owner = family === undefined ? undefined : ownerOf(scope, family);
  if (owner !== undefined) bindFamily(context, ofKnownFamily(scope, owner, rules), rules, what, width);
}

/** Applies the rules of the operation to addresses without a prefix length. @internal */
export function completeBareAddresses(context: EncodeContext, fields: AddressFields): void {
  const { operation = '' } = context.request ?? {};
  for (const { rules, prefix, text, width, path } of fields.bare) {
    if (fields.read(prefix) !== undefined) continue;
    const result = rules.bare?.[operation] ?? rules.bare?.['*'];
    if (result === 'unset' || (result === 'ipv4-unset' && width === IPV4_WIDTH)) continue;
    if (result === 'full') fields.fill({ property: prefix, value: 8 * width, by: path });
    else {
      context.failAt(
        path,
        `${show(text)} has no prefix length and ${prefix} is omitted; write "${text}/${8 * width}" for one address, or set ${prefix}`,
      );
    }
  }
}

/** Describes an address in an error. @internal */
export function describeAddress(text: string, width: number): string {
  return text.split(/[:-]/).length === width ? linkAddress(width) : describeWidth(width);
}

/** Describes addresses of a width. @internal */
export function describeWidth(width: number): string {
  if (width === IPV4_WIDTH) return 'an IPv4 address';
  return width === IPV6_WIDTH ? 'an IPv6 address' : linkAddress(width);
}

function linkAddress(width: number): string {
  return `a link-layer address of ${width} bytes`;
}

function bindFamily(
  context: EncodeContext,
  fields: AddressFields,
  { family: property = '', other, width: wide }: AddressSchema,
  what: () => string,
  width: number,
): void {
  const present = fields.read(property);
  const own = width === IPV4_WIDTH ? AddressFamily.Inet : AddressFamily.Inet6;
  if (present === undefined) {
    if (width === IPV4_WIDTH || width === IPV6_WIDTH) fields.fill({ property, value: own, by: context.place });
    return;
  }
  const family = FAMILIES[Number(present)];
  // For the kernel only the family decides the form of an address that always has 16 bytes.
  if (family === undefined ? wide === undefined : family.width === width) return;
  const setter = fields.setBy(property);
  const reason = setter === undefined ? `${property} is` : `${setter.by} has set ${property} to`;
  const remedy =
    setter === undefined ? `omit ${property} or set it to ${own} (${FAMILIES[own]!.name})` : 'all addresses must be of one family';
  const elsewhere = other === undefined ? '' : `; '${other}' takes addresses of the other family`;
  const name = family === undefined ? 'a family without text; pass its bytes' : family.name;
  context.fail(`${what()} but ${reason} ${Number(present)} (${name}); ${remedy}${elsewhere}`);
}

/** Checks an address against a family that it cannot set: a field of another struct. */
function checkFamily(
  context: EncodeContext,
  scope: Scope | undefined,
  paths: readonly (readonly string[])[],
  text: string,
  width: number,
): void {
  const present = familyIn(scope, paths);
  const family = FAMILIES[Number(present)];
  if (family === undefined || family.width === width) return;
  context.fail(`${show(text)} is ${describeAddress(text, width)} but the family of the message is ${Number(present)} (${family.name})`);
}

function bindPrefix(
  context: EncodeContext,
  fields: AddressFields | undefined,
  rules: AddressSchema,
  prefix: string,
  text: string,
  width: number,
  length: number | undefined,
): void {
  if (fields === undefined) return;
  const present = fields.read(prefix);
  if (length === undefined) {
    // A length of 0 in a filter of addresses with 16 bytes matches all of them.
    const isNeeded = present === undefined && (context.request?.mode === 'do' || rules.width !== undefined);
    if (isNeeded) fields.addBare({ rules, prefix, text, width, path: context.place });
  } else if (present === undefined) fields.fill({ property: prefix, value: length, by: context.place });
  else if (Number(present) !== length) {
    const setter = fields.setBy(prefix);
    const reason = setter === undefined ? `${prefix} is` : `${setter.by} has set ${prefix} to`;
    context.fail(`${show(text)} has the prefix length ${length} but ${reason} ${Number(present)}`);
  }
}

/** Returns the fields around an address of 16 bytes if its own have AF_UNSPEC: the kernel and ip use the family of the state for its selector. */
function ofKnownFamily(scope: Scope | undefined, owner: AddressFields, { family, width }: AddressSchema): AddressFields {
  if (width === undefined || owner.read(family!) !== AddressFamily.Unspec) return owner;
  let around = scope;
  while (around !== undefined && around.fields !== owner) around = around.outer;
  return ownerOf(around?.outer, family!) ?? owner;
}

function ownerOf(scope: Scope | undefined, property: string): AddressFields | undefined {
  for (let around = scope; around !== undefined; around = around.outer) {
    if (around.fields?.owns(property) === true) return around.fields;
  }
  return undefined;
}
