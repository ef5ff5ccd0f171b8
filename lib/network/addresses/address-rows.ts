import { IfaFlags, type GetaddrReply, type NewaddrRequest } from '../../families/rt-addr.js';
import { familyNumber } from '../fields/address-family.js';
import { withRow } from '../common/written.js';
import { omitUndefined } from '../../check/index.js';
import { splitCidr, versionOf } from '../fields/address-checks.js';
import type { LinkNames } from '../names/link-names.js';
import { scopeName, scopeNumber } from '../names/scopes.js';
import type { Wanted } from '../tables/table-model.js';
import type { Address, AddressFields } from './address.js';
import { PROTOCOLS } from './address-shape.js';

/** INFINITY_LIFE_TIME: no lifetime. */
const FOREVER = 0xffff_ffff;

/** The flags that are properties of their own. */
const FLAGS: readonly (readonly [keyof AddressFields, number])[] = [
  ['noPrefixRoute', IfaFlags.Noprefixroute],
  ['noDad', IfaFlags.Nodad],
  ['home', IfaFlags.Homeaddress],
  ['manageTemporary', IfaFlags.Managetempaddr],
  ['autojoin', IfaFlags.Mcautojoin],
];

const ALL_FLAGS = FLAGS.reduce((sum, [, flag]) => sum | flag, 0);

/** Translates a row; undefined if its link does not exist any more. @internal */
export function addressOf(row: GetaddrReply, names: LinkNames): Address | undefined {
  const { ifaIndex, ifaFamily, ifaPrefixlen } = row;
  const link = names.nameOf(ifaIndex);
  const own = row.local ?? row.address;
  if (link === undefined || own === undefined) return undefined;
  const flags = row.flags ?? row.ifaFlags;
  // IFA_ADDRESS is the peer; without a peer it equals IFA_LOCAL, or is the only one.
  const peer =
    row.local !== undefined && row.address !== undefined && row.address !== row.local ? `${row.address}/${ifaPrefixlen}` : undefined;
  const isIpv4 = ifaFamily === 2;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const address = omitUndefined({
    link,
    address: peer === undefined ? `${own}/${ifaPrefixlen}` : own,
    peer,
    broadcast: row.broadcast,
    label: row.label,
    scope: isIpv4 ? scopeName(row.ifaScope) : undefined,
    metric: row.rtPriority,
    valid: lifetime(row.cacheinfo?.ifaValid),
    preferred: lifetime(row.cacheinfo?.ifaPrefered),
    protocol: row.proto === undefined ? undefined : (PROTOCOLS[row.proto] ?? row.proto),
    family: isIpv4 ? 4 : 6,
    linkIndex: ifaIndex,
    // The same bit means "secondary" for IPv4 and "temporary" for IPv6 (IFA_F_TEMPORARY).
    secondary: isIpv4 && has(IfaFlags.Secondary),
    permanent: has(IfaFlags.Permanent),
    tentative: has(IfaFlags.Tentative),
    dadFailed: has(IfaFlags.Dadfailed),
    deprecated: has(IfaFlags.Deprecated),
    temporary: !isIpv4 && has(IfaFlags.Secondary),
  }) as Record<string, unknown>;
  if (has(ALL_FLAGS)) for (const [name, flag] of FLAGS) if (has(flag)) address[name] = true;
  return withRow(address, row) as unknown as Address;
}

function lifetime(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds === FOREVER ? undefined : seconds * 1000;
}

/** Translates a wanted address into the request that writes the whole of it. @internal */
export function addressRequest(wanted: Wanted, names: LinkNames): NewaddrRequest {
  const fields = wanted as { readonly [K in keyof AddressFields]?: AddressFields[K] | null };
  const own = splitCidr(fields.address!);
  const peer = fields.peer === undefined || fields.peer === null ? undefined : splitCidr(fields.peer);
  let flags = 0;
  for (const [name, flag] of FLAGS) if (fields[name] === true) flags |= flag;
  const proto = protocolNumber(fields.protocol);
  const cacheinfo = lifetimes(fields.valid, fields.preferred);
  const request: { -readonly [Name in keyof NewaddrRequest]: NewaddrRequest[Name] } = {
    ifaFamily: familyNumber(versionOf(own.address)),
    ifaPrefixlen: (peer ?? own).length!,
    ifaIndex: names.indexOf(fields.link!)!,
    ifaScope: scopeNumber(fields.scope ?? (own.address.startsWith('127.') ? 'host' : 'global')),
    local: own.address,
    address: peer?.address ?? own.address,
    flags,
  };
  if (isGiven(fields.broadcast)) request.broadcast = fields.broadcast;
  if (isGiven(fields.label)) request.label = fields.label;
  if (isGiven(fields.metric)) request.rtPriority = fields.metric;
  if (proto !== undefined) request.proto = proto;
  if (cacheinfo !== undefined) request.cacheinfo = cacheinfo;
  return request;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

function protocolNumber(protocol: AddressFields['protocol'] | null): number | undefined {
  if (typeof protocol === 'string') return PROTOCOLS.indexOf(protocol);
  return protocol ?? undefined;
}

function lifetimes(valid: number | null | undefined, preferred: number | null | undefined): NewaddrRequest['cacheinfo'] {
  if ((valid ?? preferred ?? undefined) === undefined) return undefined;
  const seconds = (time: number | null | undefined): number => (typeof time === 'number' ? time / 1000 : FOREVER);
  // The preferred lifetime cannot be longer than the valid one.
  return { ifaValid: seconds(valid), ifaPrefered: Math.min(seconds(preferred), seconds(valid)) };
}
