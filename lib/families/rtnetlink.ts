/*
 * Groups and message types by which a family of rtnetlink receives events of other tables (uapi/linux/rtnetlink.h).
 */

/** RTNLGRP_*: multicast groups. */
export const Group = { Link: 1, Ipv4Address: 5, Ipv6Address: 9, Nexthop: 32 } as const;

/** RTM_*: message types. */
export const Type = { NewLink: 16, DelLink: 17, DelAddress: 21, NewNexthop: 104, DelNexthop: 105 } as const;
