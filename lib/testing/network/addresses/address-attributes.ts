import { IfaFlags, type GetaddrReply } from '../../../families/generated/rt-addr.js';

/** INFINITY_LIFE_TIME. */
const FOREVER = 0xffff_ffff;

/** A request that writes or deletes an address. @internal */
export type AddressAttributes = Partial<GetaddrReply>;

/** Returns the flags of a new address: those of the request, without those that only the kernel sets. @internal */
export function requestedFlags({ flags, ifaFlags = 0 }: AddressAttributes): number {
  const { Secondary, Permanent, Tentative, Deprecated, Dadfailed } = IfaFlags;
  return ((flags ?? ifaFlags) & ~(Secondary | Permanent | Tentative | Deprecated | Dadfailed)) >>> 0;
}

/** The attributes that a request may change in an existing address. @internal */
export interface Changeable {
  readonly cacheinfo: NonNullable<GetaddrReply['cacheinfo']>;
  readonly rtPriority: number;
  readonly proto: number;
  /** IFA_F_PERMANENT and IFA_F_DEPRECATED, which follow from the lifetimes. */
  readonly state: number;
}

/** Returns the lifetimes, the metric and the protocol of a request. @internal */
export function changeableOf({ cacheinfo, rtPriority = 0, proto = 0 }: AddressAttributes): Changeable {
  const ifaValid = cacheinfo?.ifaValid ?? FOREVER;
  const ifaPrefered = Math.min(cacheinfo?.ifaPrefered ?? FOREVER, ifaValid);
  const state = (ifaValid === FOREVER ? IfaFlags.Permanent : 0) | (ifaPrefered === 0 ? IfaFlags.Deprecated : 0);
  return { cacheinfo: { ifaValid, ifaPrefered, cstamp: 0, tstamp: 0 }, rtPriority, proto, state };
}

/** An IP address of the fake network. @internal */
export interface FakeAddress {
  readonly index: number;
  /** The address itself. */
  readonly local: string;
  /** The peer; equal to `local` without one. */
  readonly peer: string;
  readonly length: number;
  readonly scope: number;
  readonly broadcast: string | undefined;
  label: string | undefined;
  flags: number;
  changeable: Changeable;
}

/** Returns the row of a dump or a notification. @internal */
export function addressRow(address: FakeAddress, family: number): GetaddrReply {
  const { local, peer, length, scope, index, label, broadcast, changeable } = address;
  const flags = address.flags | changeable.state;
  const isIpv4 = family === 2;
  return {
    ...{ ifaFamily: family, ifaPrefixlen: length, ifaFlags: flags & 0xff, ifaScope: scope, ifaIndex: index },
    address: peer,
    // An IPv6 address has IFA_LOCAL only beside a peer.
    ...((isIpv4 || peer !== local) && { local }),
    ...(broadcast !== undefined && { broadcast }),
    ...(label !== undefined && { label }),
    flags,
    cacheinfo: changeable.cacheinfo,
    ...(changeable.rtPriority !== 0 && { rtPriority: changeable.rtPriority }),
    ...(changeable.proto !== 0 && { proto: changeable.proto }),
  };
}
