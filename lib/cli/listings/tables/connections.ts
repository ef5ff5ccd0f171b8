import { map } from 'rxjs';
import { conntrack, NfCtStatus, type GetReply, type TupleAttrs } from '../../../families/conntrack.js';
import { toMap } from '../../../live/index.js';
import { jsonText } from '../../output/json-text.js';
import { duration } from '../../output/units.js';
import { UsageError } from '../../run/usage-error.js';
import type { Filter, Listing } from '../listing.js';
import { suggestion } from '../../../check/index.js';
import { stringify } from '../../../schema/index.js';

/** Numbers of IANA's registry of protocols, for those that connection tracking knows. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

/** `rxnetlink connections`: the tracked connections, as `conntrack -L` has them. */
export const listing: Listing<GetReply, ReturnType<typeof conntrack>> = {
  word: 'mark',
  wordMayBeNumber: true,
  columns: [
    { title: 'PROTOCOL', isKey: true, text: ({ tupleOrig }) => protocolOf(tupleOrig) },
    { title: 'STATE', text: stateOf },
    { title: 'FROM', isKey: true, text: ({ tupleOrig }) => endOf(tupleOrig, 'Src') },
    { title: 'TO', isKey: true, text: ({ tupleOrig }) => endOf(tupleOrig, 'Dst') },
    { title: 'ANSWERS FROM', text: ({ tupleReply }) => endOf(tupleReply, 'Src') },
    { title: 'ANSWERS TO', text: ({ tupleReply }) => endOf(tupleReply, 'Dst') },
    { title: 'MARK', text: ({ mark }) => (mark === 0 ? undefined : mark), align: 'right' },
    { title: 'ENDS IN', text: ({ timeout }) => (timeout === undefined ? undefined : duration(timeout * 1000)), align: 'right' },
  ],
  open: (options) => conntrack(options),
  list: (client, filter) => client.list('get', checked(filter)),
  watch: (client, filter) =>
    client.watch('get', checked(filter)).pipe(
      toMap(({ nfgenFamily, zone, tupleOrig }) => stringify([nfgenFamily, zone, tupleOrig])),
      map((connections) => [...connections.values()]),
    ),
};

/** The properties that the kernel filters by; it ignores others. */
const FILTERS: readonly string[] = ['mark', 'zone', 'nfgenFamily'];

/** Returns a filter. @throws UsageError if a property of it is none that the kernel filters by. */
function checked(filter: Filter): Filter {
  for (const [name, value] of Object.entries(filter)) {
    if (!FILTERS.includes(name)) {
      const hint = suggestion(name, FILTERS, '; ') || `; there are ${FILTERS.join(', ')}`;
      throw new UsageError(`connections: ${name}: is not a property to filter by${hint}`);
    }
    if (typeof value !== 'number') throw new UsageError(`connections: ${name}: expected a number, not ${jsonText(value)}`);
  }
  return filter;
}

/** Returns the name of the protocol of a connection, or its number. */
export function protocolOf(tuple: TupleAttrs | undefined): string | number | undefined {
  const number = tuple?.tupleProto?.protoNum;
  return number === undefined ? undefined : (PROTOCOLS[number] ?? number);
}

/** Returns an end of a connection: its address, with the port if it has one. */
export function endOf(tuple: TupleAttrs | undefined, end: 'Src' | 'Dst'): string | undefined {
  const { tupleIp, tupleProto } = tuple ?? {};
  const four = tupleIp?.[`ipV4${end}`];
  const six = tupleIp?.[`ipV6${end}`];
  const port = tupleProto?.[`proto${end}Port`];
  const address = four ?? (six === undefined || port === undefined ? six : `[${six}]`);
  return address === undefined || port === undefined ? address : `${address}:${String(port)}`;
}

function stateOf({ protoinfo, status = 0 }: GetReply): string | undefined {
  const state = protoinfo?.protoinfoTcp?.tcpState;
  if (state !== undefined) return String(state);
  return (status & NfCtStatus.SeenReply) === 0 ? 'unanswered' : (status & NfCtStatus.Assured) === 0 ? 'answered' : 'assured';
}
