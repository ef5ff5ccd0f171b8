import { map } from 'rxjs';
import type { Neighbour } from '../../../network/index.js';
import { neighbourModel } from '../../../network/neighbours/neighbour-model.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';

/** `rxnetlink neighbours`: the MAC addresses of IP addresses, as `ip neigh` has them. */
export const listing: Listing<Neighbour, SomeTables<{ readonly neighbours: WritableTable<Neighbour, object, object, object> }>> = {
  word: 'link',
  addressProperty: { name: 'address' },
  columns: [
    { title: 'ADDRESS', isKey: true, text: ({ address }) => address },
    { title: 'LINK', isKey: true, text: ({ link }) => link },
    { title: 'MAC', text: ({ mac }) => mac },
    {
      title: 'STATE',
      text: ({ state, proxy }) => (proxy === true ? 'proxy' : state),
      colour: ({ state }) => (state === 'reachable' || state === 'permanent' ? 'green' : state === 'failed' ? 'red' : undefined),
    },
    { title: 'ROUTER', text: ({ router }) => (router === true ? 'yes' : undefined) },
    { title: 'PROTOCOL', text: ({ protocol }) => protocol },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({
      neighbours: new WritableTable<Neighbour, object, object, object>(neighbourModel(context), names),
    })),
  list: (net, filter) => net.neighbours.list(filter),
  watch: (net, filter) => net.view({ neighbours: filter }).pipe(map(({ neighbours }) => [...neighbours.values()])),
};
