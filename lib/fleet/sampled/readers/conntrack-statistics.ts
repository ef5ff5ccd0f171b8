import { map } from 'rxjs';
import { conntrack, type GetStatsReply } from '../../../families/conntrack.js';
import type { ConntrackStatistics } from '../sampled-rows.js';
import type { ReaderOptions, SampledReader } from './reader.js';

/** Reads the counters of connection tracking. Needs CAP_NET_ADMIN. @internal */
export function open(options: ReaderOptions): SampledReader<ConntrackStatistics> {
  const client = conntrack(options);
  return {
    read: client.list('get-stats').pipe(map((rows) => rows.map((row) => statisticsOf(row)))),
    keyOf: ({ cpu }) => String(cpu),
    close: () => client.close(),
  };
}

/** The kernel puts the number of the processor into `res_id` (`ctnetlink_ct_stat_cpu_fill_info`). */
function statisticsOf({ nfgenFamily: _family, version: _version, resId: cpu, ...counters }: GetStatsReply): ConntrackStatistics {
  return { cpu, ...counters };
}
