import { omitUndefined } from '../../check/index.js';
import { AddressFamily } from '../../schema/index.js';
import { NtfFlags, type DelneighRequest, type GetneighReply } from '../../families/rt-neigh.js';

/** The table that holds an entry: that of the bridge of a port, or that of the device itself. @internal */
export type EntryTable = 'bridge' | 'device';

/** Returns the table of an entry. A bridge is the master of its own entries, which belong to no port. @internal */
export function tableOfRow({ master, ndmIfindex }: Pick<GetneighReply, 'master' | 'ndmIfindex'>): EntryTable {
  return master === undefined || master === ndmIfindex ? 'device' : 'bridge';
}

/** Returns the flag by which a request names a table. @internal */
export function flagOfTable(table: EntryTable): number {
  return table === 'device' ? NtfFlags.Self : NtfFlags.Master;
}

/** Returns the request that deletes an entry. @internal */
export function deletionOf(row: GetneighReply): DelneighRequest {
  const { ndmIfindex, ndmState, lladdr, vlan, dst, vni, srcVni, nhId, ifindex, port } = row;
  const table = tableOfRow(row);
  const request = { ndmFamily: AddressFamily.Bridge, ndmIfindex, ndmFlags: flagOfTable(table), lladdr: lladdr!, vlan };
  // Without NUD_PERMANENT, the kernel rejects the deletion of an own address of a device.
  return omitUndefined({ ...request, ...(table === 'device' && { ndmState, dst, vni, srcVni, nhId, ifindex, port }) });
}
