import type { Qdisc } from '../../../network/index.js';
import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { qdiscModel } from '../../../network/qdiscs/qdisc-model.js';
import { WritableTable } from '../../../network/tables/writable-table.js';
import type { Listing } from '../listing.js';
import { polled } from '../polled.js';
import { bytes } from '../../output/units.js';

type QdiscListing = Listing<Qdisc, SomeTables<{ readonly qdiscs: WritableTable<Qdisc, object, object, object> }>>;

const list: QdiscListing['list'] = (net, filter) => net.qdiscs.list(filter);

/** `rxnetlink qdiscs`: the queueing disciplines with their counters, as `tc -s qdisc` has them. */
export const listing: QdiscListing = {
  word: 'link',
  columns: [
    { title: 'LINK', isKey: true, text: ({ link }) => link },
    { title: 'PARENT', isKey: true, text: ({ parent }) => parent },
    { title: 'HANDLE', text: ({ handle }) => handle },
    { title: 'KIND', text: ({ kind }) => kind },
    { title: 'SENT', text: ({ statistics }) => bytes(statistics.bytes), align: 'right' },
    { title: 'PACKETS', text: ({ statistics }) => String(statistics.packets), align: 'right' },
    {
      title: 'DROPPED',
      text: ({ statistics }) => statistics.drops,
      align: 'right',
      colour: ({ statistics }) => (statistics.drops > 0 ? 'red' : undefined),
    },
    { title: 'WAITING', text: ({ statistics }) => `${String(statistics.queueLength)} (${bytes(statistics.backlog)})`, align: 'right' },
  ],
  open: (options) =>
    openTables(options, (context, names) => ({ qdiscs: new WritableTable<Qdisc, object, object, object>(qdiscModel(context), names) })),
  list,
  // The kernel sends no events of counters.
  watch: (net, filter) => polled(() => list(net, filter)),
};
