import { forkJoin, map } from 'rxjs';
import { NtfFlags, NudState, type GetneighReply } from '../../../families/rt-neigh.js';
import { AddressFamily } from '../../../schema/index.js';
import { deletionOf, flagOfTable, tableOfRow } from '../../fdb/entry-table.js';
import { step } from '../../tables/step.js';
import type { RowTable } from './row-table.js';

const CONFIGURED = NudState.Permanent | NudState.Noarp;

/** Returns true for a multicast or broadcast address of Ethernet, which has 6 bytes. */
const isGroup = (lladdr: string): boolean => lladdr.length === 17 && (Number.parseInt(lladdr, 16) & 1) === 1;

/**
 * The kernel keeps entries without ARP for addresses that need no resolution: multicast and broadcast ones. They appear when packets are
 * sent, and go when the link loses its carrier.
 */
const isConfigured = ({ ndmState, lladdr }: GetneighReply): boolean =>
  (ndmState & NudState.Permanent) !== 0 || ((ndmState & NudState.Noarp) !== 0 && lladdr !== undefined && !isGroup(lladdr));

const content = ({ lladdr, ndmState, ndmFlags, protocol, vlan, dst, vni, port, ifindex, nhId }: GetneighReply): object => ({
  lladdr,
  ndmState: ndmState & CONFIGURED,
  ndmFlags: ndmFlags & (NtfFlags.Proxy | NtfFlags.Router | NtfFlags.ExtLearned | NtfFlags.Sticky),
  protocol,
  vlan,
  dst,
  vni,
  port,
  ifindex,
  nhId,
});

/** The rows of permanent neighbours, of those without ARP, and of proxies. @internal */
export const NEIGHBOUR_ROWS: RowTable<GetneighReply> = {
  table: 'neighbours',
  read: ({ neigh }) =>
    forkJoin([neigh.list('getneigh', {}), neigh.list('getneigh', { ndmFlags: NtfFlags.Proxy })]).pipe(
      map(([ordinary, proxies]) => [
        ...ordinary.filter((row) => row.ndmFamily !== AddressFamily.Bridge && isConfigured(row)),
        ...proxies.filter(({ ndmFlags }) => (ndmFlags & NtfFlags.Proxy) !== 0),
      ]),
    ),
  slot: ({ ndmFamily, ndmIfindex, dst, ndmFlags }) => `${ndmFamily} ${ndmIfindex} ${dst} ${ndmFlags & NtfFlags.Proxy}`,
  content,
  add: ({ neigh }, row) => step(neigh, 'newneigh', row, { create: true, replace: true }),
  remove: ({ neigh }, { ndmFamily, ndmIfindex, dst, ndmFlags }) =>
    step(neigh, 'delneigh', { ndmFamily, ndmIfindex, dst: dst!, ndmFlags: ndmFlags & NtfFlags.Proxy }),
  replace: ({ neigh }, before) => step(neigh, 'newneigh', before, { replace: true }),
};

/** A device has an entry for each multicast group that the kernel has joined, and leaves or joins again a moment later. */
const isJoinedGroup = ({ master, dst, vni, nhId, lladdr }: GetneighReply): boolean =>
  master === undefined && dst === undefined && vni === undefined && nhId === undefined && lladdr !== undefined && isGroup(lladdr);

/** The rows of static forwarding entries. @internal */
export const FORWARDING_ROWS: RowTable<GetneighReply> = {
  table: 'fdb',
  read: ({ neigh }) =>
    neigh
      .list('getneigh', { ndmFamily: AddressFamily.Bridge })
      .pipe(
        map((rows) =>
          rows.filter((row) => row.ndmFamily === AddressFamily.Bridge && (row.ndmState & CONFIGURED) !== 0 && !isJoinedGroup(row)),
        ),
      ),
  slot: (row) => {
    const { ndmIfindex, lladdr, vlan, dst, srcVni, vni, nhId } = row;
    return `${ndmIfindex} ${lladdr} ${vlan} ${tableOfRow(row)} ${dst} ${srcVni} ${vni} ${nhId}`;
  },
  content,
  // A bridge adds the addresses of its ports itself.
  returns: (row) => tableOfRow(row) === 'device' || (row.ndmState & NudState.Permanent) !== 0,
  // The kernel gives the flag of the table in some replies only.
  add: ({ neigh }, row) => {
    const ndmFlags = row.ndmFlags | flagOfTable(tableOfRow(row));
    return step(neigh, 'newneigh', { ...row, ndmFlags }, { create: true, append: true });
  },
  remove: ({ neigh }, row) => step(neigh, 'delneigh', deletionOf(row)),
};
