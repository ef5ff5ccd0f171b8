import { map } from 'rxjs';
import type { ForwardingEntry } from '../../../network/index.js';
import { fdbModel } from '../../../network/fdb/fdb-model.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';

/** `rxnetlink fdb`: the forwarding tables of bridges and VXLAN devices, as `bridge fdb` has them. */
export const listing: Listing<ForwardingEntry, SomeTables<{ readonly fdb: WritableTable<ForwardingEntry, object, object, object> }>> = {
  word: 'link',
  addressProperty: { name: 'remote' },
  columns: [
    { title: 'MAC', isKey: true, text: ({ mac }) => mac },
    { title: 'LINK', isKey: true, text: ({ link }) => link },
    { title: 'VLAN', isKey: true, text: ({ vlan }) => vlan, align: 'right' },
    { title: 'BRIDGE', text: ({ bridge }) => bridge },
    { title: 'ON', isKey: true, text: ({ on }) => on },
    { title: 'STATE', text: ({ state }) => state },
    { title: 'REMOTE', text: ({ remote, port }) => (port === undefined ? remote : `${String(remote)} port ${String(port)}`) },
    { title: 'VNI', text: ({ vni }) => vni, align: 'right' },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({
      fdb: new WritableTable<ForwardingEntry, object, object, object>(fdbModel(context), names),
    })),
  list: (net, filter) => net.fdb.list(filter),
  watch: (net, filter) => net.view({ fdb: filter }).pipe(map(({ fdb }) => [...fdb.values()])),
};
