import type { Qdisc } from '../../../network/index.js';
import type { Listing } from '../listing.js';
import { polled } from '../polled.js';
import { bytes } from '../../output/units.js';

const list: Listing<Qdisc>['list'] = (net, filter) => net.qdiscs.list(filter);

/** `rxnetlink qdiscs`: the queueing disciplines with their counters, as `tc -s qdisc` has them. */
export const listing: Listing<Qdisc> = {
  word: 'link',
  columns: [
    { title: 'LINK', text: ({ link }) => link },
    { title: 'PARENT', text: ({ parent }) => parent },
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
  list,
  // The kernel sends no events of counters.
  watch: (net, filter, options) => polled(() => list(net, filter, options)),
};
