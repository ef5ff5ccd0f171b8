/** The message types of rtnetlink that the monitor uses (linux/rtnetlink.h). */
export const RouteMessage = {
  NewLink: 16,
  DeleteLink: 17,
  GetLink: 18,
  NewAddress: 20,
  DeleteAddress: 21,
  GetAddress: 22,
  NewRoute: 24,
  DeleteRoute: 25,
  GetRoute: 26,
} as const;

/** The multicast groups that report every change (`RTNLGRP_*`). */
export const ROUTE_GROUPS = {
  link: 1,
  ipv4Address: 5,
  ipv4Route: 7,
  ipv6Address: 9,
  ipv6Route: 11,
} as const;

/** The address families that the monitor shows, as `ip` names them. */
export type FamilyName = 'inet' | 'inet6';

/** AF_INET and AF_INET6. */
export const ADDRESS_FAMILIES: Readonly<Record<FamilyName, number>> = { inet: 2, inet6: 10 };

/** Returns the name of an address family; undefined for those that the monitor does not show. */
export function familyName(addressFamily: number): FamilyName | undefined {
  if (addressFamily === ADDRESS_FAMILIES.inet) return 'inet';
  return addressFamily === ADDRESS_FAMILIES.inet6 ? 'inet6' : undefined;
}

/** Returns a view of the fixed header, to read its fields at the offsets of the kernel's struct. */
export function headerView(payload: Uint8Array, size: number): DataView {
  if (payload.byteLength < size)
    throw new RangeError(`message: payload has ${payload.byteLength} bytes; expected a fixed header of ${size}`);
  return new DataView(payload.buffer, payload.byteOffset, size);
}
