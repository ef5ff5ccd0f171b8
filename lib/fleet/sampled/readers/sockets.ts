import { EMPTY, catchError, concat, defer, map, reduce, throwError, type Observable } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import { sockDiag } from '../../../families/sock_diag.js';
import type { SocketCount } from '../sampled-rows.js';
import type { ReaderOptions, SampledReader } from './reader.js';

/** TCP_ESTABLISHED to TCP_NEW_SYN_RECV (net/tcp_states.h): the sockets that `ss -a` lists. */
const STATES = 0x1ffe;

/** AF_INET and AF_INET6. */
const FAMILIES = { ipv4: 2, ipv6: 10 } as const;

type Group = Omit<SocketCount, 'count'>;

const keyOf = ({ protocol, addressFamily, state }: Group): string => `${protocol} ${addressFamily} ${String(state)}`;

/** Counts sockets. @internal */
export function open(options: ReaderOptions): SampledReader<SocketCount> {
  const client = sockDiag(options);
  return { read: readCounts(client), keyOf, close: () => client.close() };
}

/** Counts row by row: a list of 100,000 sockets would only be counted. */
function readCounts(client: ReturnType<typeof sockDiag>): Observable<readonly SocketCount[]> {
  const inet = (['tcp', 'udp', 'raw'] as const).flatMap((protocol) =>
    (['ipv4', 'ipv6'] as const).map((addressFamily) => {
      const request = { protocol, family: FAMILIES[addressFamily], states: STATES, ext: 0 };
      const rows = withoutModule(client.dump('inet', request, { pick: ['state'] }));
      return rows.pipe(map(({ state }): Group => ({ protocol, addressFamily, state })));
    }),
  );
  const unix = withoutModule(client.dump('unix', { show: 0 }, { pick: ['state'] })).pipe(
    map(({ state }): Group => ({ protocol: 'unix', addressFamily: 'unix', state })),
  );
  return defer(() => concat(...inet, unix).pipe(reduce(count, new Map<string, Counted>()))).pipe(
    map((counts) => [...counts.values()].map(({ group, times }): SocketCount => ({ ...group, count: times }))),
  );
}

interface Counted {
  readonly group: Group;
  times: number;
}

function count(counts: Map<string, Counted>, group: Group): Map<string, Counted> {
  const known = counts.get(keyOf(group));
  if (known === undefined) counts.set(keyOf(group), { group, times: 1 });
  else known.times++;
  return counts;
}

/** Emits no rows of a protocol whose module the kernel lacks, such as raw_diag. */
function withoutModule<T>(rows: Observable<T>): Observable<T> {
  return rows.pipe(catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? EMPTY : throwError(() => error))));
}
