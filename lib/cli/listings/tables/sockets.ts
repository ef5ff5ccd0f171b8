import { openTables, type SomeTables } from '../../../network/open-tables.js';
import { endOfText } from '../../../network/sockets/socket-query.js';
import { SocketTable } from '../../../network/sockets/socket-table.js';
import type { SocketEntry, SocketEntryFilter, SocketOwners } from '../../../network/index.js';
import type { Filter, Listing } from '../listing.js';
import { polled } from '../polled.js';

type ListedSocket = SocketEntry & SocketOwners;

type SocketListing = Listing<ListedSocket, SomeTables<{ readonly sockets: SocketTable }>>;

const list: SocketListing['list'] = (net, filter) =>
  net.sockets.list({ protocol: ['tcp', 'udp'], ...(withEnds(filter) as SocketEntryFilter), process: true });

/** Returns the filter with ends such as `127.0.0.1:80`, as `ss` writes them, as objects. */
function withEnds(filter: Filter): Filter {
  const ends = (['local', 'remote'] as const).flatMap((name) => {
    const given = filter[name];
    const end = typeof given === 'string' ? endOfText(given) : undefined;
    return end === undefined ? [] : [[name, end] as const];
  });
  return { ...filter, ...Object.fromEntries(ends) };
}

/** `rxnetlink sockets`: TCP and UDP sockets, or those of another protocol, with their programs, as `ss -tuap` has them. */
export const listing: SocketListing = {
  word: 'protocol',
  columns: [
    { title: 'PROTOCOL', isKey: true, text: ({ protocol }) => protocol },
    { title: 'STATE', text: ({ state }) => state, colour: ({ state }) => (state === 'listen' ? 'green' : undefined) },
    { title: 'LOCAL', isKey: true, text: ({ local }) => endOf(local) },
    { title: 'REMOTE', isKey: true, text: ({ remote }) => endOf(remote) },
    { title: 'RECEIVE QUEUE', text: ({ queues }) => queues?.receive, align: 'right' },
    { title: 'SEND QUEUE', text: ({ queues }) => queues?.send, align: 'right' },
    { title: 'PROGRAM', text: ({ owners }) => owners.map(({ command, processId }) => `${command} (${String(processId)})`).join(', ') },
  ],
  open: (options) => openTables(options, (context, names) => ({ sockets: new SocketTable(context.sockDiag, names) })),
  list,
  // The kernel sends events only of sockets that are closed.
  watch: (net, filter) => polled(() => list(net, filter)),
};

function endOf(end: { readonly address?: string; readonly port?: number | string } | undefined): string | undefined {
  if (end?.address === undefined) return undefined;
  const { address, port } = end;
  return port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
}
