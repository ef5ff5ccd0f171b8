import { conntrack } from '../../families/conntrack.js';
import { ethtool } from '../../families/ethtool.js';
import { network, type Network, type NetworkOptions } from '../../network/index.js';
import { familiesOf, labelText, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';

/** The clients of one namespace. Their sockets are open only while a scrape reads, so they do not keep a namespace that was deleted. */
export interface Clients {
  readonly net: Network;
  readonly tracking: ReturnType<typeof conntrack>;
  readonly ethtool: ReturnType<typeof ethtool>;
  readonly close: () => void;
}

/** Creates the clients of one namespace. */
export function openClients(options: NetworkOptions): Clients {
  const clients = { net: network(options), tracking: conntrack(options), ethtool: ethtool(options) };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.close();
    },
  };
}

interface CountedSocket extends Labelled {
  readonly overruns: number;
  readonly dropped: number;
}

const DEFINITIONS: readonly MetricDefinition<CountedSocket>[] = [
  {
    name: 'rxnetlink_socket_overruns_total',
    type: 'counter',
    help: 'How often the receive queue of a socket of the exporter was full.',
    value: ({ overruns }) => overruns,
  },
  {
    name: 'rxnetlink_socket_dropped_datagrams_total',
    type: 'counter',
    help: 'Datagrams of the kernel that were dropped because the receive queue of a socket of the exporter was full.',
    value: ({ dropped }) => dropped,
  },
];

/** Returns the losses of the exporter's own sockets. */
export function socketCounters({ net: { clients }, tracking, ethtool: settings }: Clients): readonly MetricFamily[] {
  const sockets = { route: clients.link, sock_diag: clients.sockDiag, nftables: clients.nftables, conntrack: tracking, ethtool: settings };
  const counted = Object.entries(sockets).map(([family, { socket }]): CountedSocket => {
    const { overruns, dropped } = socket.counters;
    return { labels: labelText({ socket: family }), overruns, dropped };
  });
  return familiesOf(DEFINITIONS, counted);
}
