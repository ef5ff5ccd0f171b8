import { FieldError } from '../common/field-error.js';
import { anyCidr, cidr, ip, versionOf } from '../fields/address-checks.js';
import { boolean, linkName, text, uint32, word } from '../fields/check.js';
import { lifetime } from '../fields/lifetime.js';
import { requireFields, type Shape } from '../fields/shape.js';
import { scopeName, SCOPES } from '../names/scopes.js';
import type { Wanted } from '../tables/table-model.js';
import type { AddressProtocol, AddressState } from './address.js';

/** The names of IFAPROT_* by their numbers. @internal */
export const PROTOCOLS: readonly (AddressProtocol | undefined)[] = [undefined, 'kernel-loopback', 'kernel-ra', 'kernel-link-local'];

/** The largest number of seconds means forever. */
const expiry = lifetime(0, 0xffff_fffe, 'an address');

/** Returns the name of a number that has one, as readers do. */
function named<Name extends string>(value: Name | number, nameOf: (number: number) => Name | number): Name | number {
  return typeof value === 'number' ? nameOf(value) : value;
}

/** Properties that only readers return. @internal */
export const ADDRESS_STATE: readonly (keyof AddressState)[] = [
  'family',
  'linkIndex',
  'secondary',
  'permanent',
  'tentative',
  'dadFailed',
  'deprecated',
  'temporary',
];

/** The properties that writers accept. @internal */
export const ADDRESS_SHAPE: Shape = {
  fields: {
    link: linkName(127),
    // With a peer, the address has no length.
    address: anyCidr,
    peer: cidr,
    broadcast: ip,
    label: text(15),
    scope: (value, path) => named(word(SCOPES)(value, path), scopeName),
    metric: uint32,
    noPrefixRoute: boolean,
    noDad: boolean,
    home: boolean,
    manageTemporary: boolean,
    autojoin: boolean,
    valid: expiry,
    preferred: expiry,
    protocol: (value, path) =>
      named(word(PROTOCOLS.filter((name) => name !== undefined))(value, path), (number) => PROTOCOLS[number] ?? number),
  },
  nullable: ['broadcast', 'valid', 'preferred'],
  out: ADDRESS_STATE,
};

/** The properties of a key; others are ignored, so that an object is a key. @internal */
export const ADDRESS_KEY: Shape = {
  fields: { link: linkName(127), address: anyCidr, peer: anyCidr },
  out: [...Object.keys(ADDRESS_SHAPE.fields), ...ADDRESS_STATE],
};

/** Properties that IPv6 addresses do not have, and the kernel ignores. */
const ONLY_IPV4: readonly string[] = ['broadcast', 'label', 'scope'];

/** Properties that IPv4 addresses do not have, and the kernel ignores. */
const ONLY_IPV6: readonly string[] = ['noDad', 'home', 'manageTemporary'];

/** The properties that depend on each other, each checked by itself. */
type CheckedAddress = { readonly address: string; readonly peer?: string; readonly label?: string; readonly link: string } & {
  readonly [Name in 'valid' | 'preferred' | 'broadcast']?: string | number | null;
};

/** Checks the properties of an address that depend on each other. @throws FieldError @internal */
export function checkAddress(wanted: Wanted): void {
  requireFields(wanted, ['link', 'address']);
  const { address, peer, label, link, valid, preferred, broadcast } = wanted as CheckedAddress;
  const family = versionOf(address);
  const hasLength = address.includes('/');
  // `cidr` throws the error for an address without a length.
  if (peer === undefined && !hasLength) cidr(address, 'address');
  if (peer !== undefined && hasLength)
    throw new FieldError('address', `the prefix length stands at the peer; write '${address.split('/')[0]}'`);
  if (peer !== undefined && versionOf(peer) !== family) throw new FieldError('peer', `expected an IPv${family} address`);
  if (typeof broadcast === 'string' && versionOf(broadcast) !== 4) throw new FieldError('broadcast', 'expected an IPv4 address');
  const foreign = (family === 6 ? ONLY_IPV4 : ONLY_IPV6).find((name) => hasValue(wanted[name]));
  if (foreign !== undefined) throw new FieldError(foreign, `only IPv${family === 6 ? 4 : 6} addresses have it; the kernel ignores it`);
  if (typeof label === 'string' && label !== link && !label.startsWith(`${link}:`))
    throw new FieldError('label', `expected '${link}' or '${link}:' with a text behind it, as ifconfig expects it`);
  if (typeof preferred === 'number' && typeof valid === 'number' && preferred > valid)
    throw new FieldError('preferred', `is over the valid lifetime (${preferred} ms over ${valid} ms)`);
  if (valid === 0) throw new FieldError('valid', 'the kernel accepts no address without a lifetime; delete the address');
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
