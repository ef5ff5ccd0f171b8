import { expect } from 'chai';
import { tcpMetricsSchema } from '../../../lib/families/generated/tcp_metrics.js';
import type { TcpMetricsFamily } from '../../../lib/families/tcp_metrics.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, within, type Fields, type Shown } from './fields.js';
import { compareYnl } from './ynl.js';

type Metrics = TcpMetricsFamily['dump']['get']['reply'];

/** The properties of `ip tcp_metrics`. */
export const metrics: Fields<Metrics> = {
  dst: ({ addrIpv4, addrIpv6 }) => addrIpv4 ?? addrIpv6,
  source: ({ saddrIpv4, saddrIpv6 }) => saddrIpv4 ?? saddrIpv6,
  age: ({ age }, seen) => within(2, seen, Number(age) / 1000),
  cwnd: ({ vals }) => vals?.cwnd,
  ssthresh: ({ vals }) => vals?.ssthresh,
  // The specification spells it this way.
  reordering: ({ vals }) => vals?.reodering,
  // The kernel keeps eighths and quarters of a microsecond; ip shows seconds.
  rtt: ({ vals }) => ((vals?.rttUs ?? 0) >> 3) / 1e6,
  rttvar: ({ vals }) => ((vals?.rttvarUs ?? 0) >> 2) / 1e6,
};

/** The Python client shows addresses as numbers without a byte order, because the specification declares them so. */
const OVERLAID = { '.addr-ipv4': 'is an address', '.saddr-ipv4': 'is an address' };

export const comparer: FamilyComparer = {
  schema: tcpMetricsSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    if (command.startsWith('ynl ')) {
      compareYnl(tcpMetricsSchema, 'get', shown, rows, { overlaid: OVERLAID });
      return;
    }
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareFields(String(row['dst']), row, rows[index] as unknown as Metrics, metrics);
    });
  },
};
