import { catchError, forkJoin, map, of, type Observable } from 'rxjs';
import { NetlinkError } from '../../errors/index.js';
import { conntrack } from '../../families/conntrack.js';
import { rtLink, type GetlinkReply } from '../../families/rt-link.js';
import { tc } from '../../families/tc.js';
import { network, type NetworkOptions } from '../../network/index.js';

/** The counters of a link. */
export interface LinkCounters {
  readonly name: string;
  readonly rxBytes: bigint;
  readonly rxPackets: bigint;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly errors: bigint;
  readonly drops: bigint;
  /** Packets that the root qdisc of the link dropped. */
  readonly queueDrops: number;
  /** Bytes that wait in the root qdisc. */
  readonly backlog: number;
}

/** Everything that is counted, at a moment. */
export interface Counters {
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
  /** By index: a name may move to another link. */
  readonly links: ReadonlyMap<number, LinkCounters>;
  /** TCP and UDP sockets; absent if this process may not list them. */
  readonly sockets?: number;
  /** Tracked connections, and their maximum; absent without connection tracking or without CAP_NET_ADMIN. */
  readonly connections?: { readonly count: number; readonly maximum: number };
}

/** TC_H_ROOT (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

/** Reads the counters of a namespace at each subscription, through the same sockets. */
export function countersOf(options: NetworkOptions): { readonly read: Observable<Counters>; readonly close: () => void } {
  const net = network(options);
  const link = rtLink(options);
  const traffic = tc(options);
  const tracking = conntrack(options);
  const read = forkJoin({
    // The time of the counters, not that of the slowest of these readings.
    counted: link.list('getlink').pipe(map((rows) => ({ rows, at: performance.now() }))),
    qdiscs: traffic.list('getqdisc').pipe(catchError(without([]))),
    sockets: net.sockets.list({ protocol: ['tcp', 'udp'] }).pipe(catchError(without(undefined))),
    connections: tracking.do('get-stats-global').pipe(
      map(({ entries = 0, maxEntries = 0 }) => ({ count: entries, maximum: maxEntries })),
      catchError(without(undefined)),
    ),
  }).pipe(
    map(({ counted: { rows, at }, qdiscs, sockets, connections }): Counters => {
      const queues = new Map(qdiscs.filter(({ parent }) => parent >>> 0 === ROOT).map(({ ifindex, stats2 }) => [ifindex, stats2?.queue]));
      return {
        at,
        links: new Map(rows.map((row) => [row.ifiIndex, linkCounters(row, queues.get(row.ifiIndex))])),
        ...(sockets !== undefined && { sockets: sockets.length }),
        ...(connections !== undefined && { connections }),
      };
    }),
  );
  return {
    read,
    close: () => {
      for (const client of [net, link, traffic, tracking]) client.close();
    },
  };
}

function linkCounters({ ifname = '', stats64 }: GetlinkReply, queue?: { readonly drops: number; readonly backlog: number }): LinkCounters {
  const {
    rxBytes = 0n,
    rxPackets = 0n,
    txBytes = 0n,
    txPackets = 0n,
    rxErrors = 0n,
    txErrors = 0n,
    rxDropped = 0n,
    txDropped = 0n,
  } = stats64 ?? {};
  return {
    name: ifname,
    rxBytes,
    rxPackets,
    txBytes,
    txPackets,
    errors: rxErrors + txErrors,
    drops: rxDropped + txDropped,
    queueDrops: queue?.drops ?? 0,
    backlog: queue?.backlog ?? 0,
  };
}

/** Returns a substitute for what this process may not read, or the kernel does not have. */
function without<T>(substitute: T): (error: unknown) => Observable<T> {
  return (error) => {
    if (!(error instanceof NetlinkError)) throw error;
    return of(substitute);
  };
}
