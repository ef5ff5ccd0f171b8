import { concat, map, reduce, type Observable } from 'rxjs';
import type { InetReply, TcpState } from '../../families/sock_diag.js';
import type { NetworkClients } from '../../network/index.js';
import { labelText, type MetricFamily } from '../text/metric-family.js';

/** The states of TCP sockets that node_exporter counts: TCP_ESTABLISHED to TCP_CLOSING (net/tcp_states.h). */
const STATES = [
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait1',
  'fin-wait2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
] as const satisfies readonly TcpState[];

/** The flags of these states: bits 1 to 11. */
const FLAGS = 0xffe;

/** AF_INET and AF_INET6. */
const FAMILIES = [2, 10] as const;

type SocketRow = Pick<InetReply, 'state' | 'rqueue' | 'wqueue'>;

interface Counts {
  readonly states: Map<TcpState, number>;
  received: number;
  sent: number;
}

/** Counts the TCP sockets row by row: a list of 100,000 of them would only be counted. */
export function readTcpStates({ sockDiag }: Pick<NetworkClients, 'sockDiag'>): Observable<MetricFamily> {
  const request = { protocol: 'tcp', states: FLAGS, ext: 0 } as const;
  const dumps = FAMILIES.map((family) => sockDiag.dump('inet', { ...request, family }, { pick: ['state', 'rqueue', 'wqueue'] }));
  return concat(...dumps).pipe(reduce<SocketRow, Counts>(count, { states: new Map(), received: 0, sent: 0 }), map(tcpStates));
}

function count(counts: Counts, { state, rqueue, wqueue }: SocketRow): Counts {
  counts.states.set(state, (counts.states.get(state) ?? 0) + 1);
  counts.received += rqueue;
  counts.sent += wqueue;
  return counts;
}

function tcpStates({ states, received, sent }: Counts): MetricFamily {
  return {
    name: 'node_tcp_connection_states',
    type: 'gauge',
    help: 'The number of TCP sockets by state, and the bytes in their queues. Queues of listeners count connections.',
    samples: [
      ...STATES.map((state) => [stateLabel(state.replaceAll('-', '_')), states.get(state) ?? 0] as const),
      [stateLabel('rx_queued_bytes'), received],
      [stateLabel('tx_queued_bytes'), sent],
    ],
  };
}

function stateLabel(state: string): string {
  return labelText({ state });
}
