import type { GetaddrReply } from '../../../families/rt-addr.js';
import { IfaFlags } from '../../../families/rt-addr.js';
import { sameValue } from '../../../live/internal.js';
import { step } from '../../tables/step.js';
import type { RowTable } from './row-table.js';

const IPV4 = 2;

/** INFINITY_LIFE_TIME. */
const FOREVER = 0xffff_ffff;

/** The flags that the kernel sets by itself. */
const OWN_FLAGS =
  IfaFlags.Tentative | IfaFlags.Dadfailed | IfaFlags.Deprecated | IfaFlags.Permanent | IfaFlags.Optimistic | IfaFlags.StablePrivacy;

const flagsOf = ({ flags, ifaFlags }: GetaddrReply): number => (flags ?? ifaFlags) & ~OWN_FLAGS;

/** Properties that the kernel does not change in place. */
const fixed = (row: GetaddrReply): object => ({
  ifaPrefixlen: row.ifaPrefixlen,
  ifaScope: row.ifaScope,
  label: row.label,
  broadcast: row.broadcast,
  address: row.address,
  // IPv4: a secondary address; the first one of its subnet is none. The kernel does not change the other flags either.
  flags: row.ifaFamily === IPV4 ? flagsOf(row) : 0,
});

/** The rows of IP addresses. @internal */
export const ADDRESS_ROWS: RowTable<GetaddrReply> = {
  table: 'addresses',
  read: ({ addr }) => addr.list('getaddr', {}),
  slot: ({ ifaFamily, ifaIndex, ifaPrefixlen, local, address }) =>
    ifaFamily === IPV4 ? `4 ${ifaIndex} ${local}/${ifaPrefixlen} ${address}` : `6 ${ifaIndex} ${local ?? address}`,
  content: (row) => ({
    ...fixed(row),
    flags: flagsOf(row),
    rtPriority: row.rtPriority,
    proto: row.proto,
    // A finite lifetime passes.
    isFinite: row.cacheinfo !== undefined && row.cacheinfo.ifaValid !== FOREVER,
  }),
  // The kernel makes link-local addresses, and those of router advertisements.
  returns: ({ proto }) => proto !== undefined && proto > 0,
  add: ({ addr }, row) => step(addr, 'newaddr', row, { create: true, exclusive: true }),
  remove: ({ addr }, { ifaFamily, ifaPrefixlen, ifaIndex, local, address }) =>
    step(addr, 'deladdr', { ifaFamily, ifaPrefixlen, ifaIndex, local: local ?? address!, address: address ?? local! }),
  replace: ({ addr }, before, now) => (sameValue(fixed(before), fixed(now)) ? step(addr, 'newaddr', before, { replace: true }) : undefined),
};
