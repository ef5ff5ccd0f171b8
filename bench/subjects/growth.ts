/*
 * How work grows, for each line on stdin; answers `nanoseconds times`, how long it took to do it so many times:
 *
 *   growth requests N    N requests at once on one socket, until all are answered
 *   growth sockets N     N sockets that each dump the routes at once, until all have them
 */
import { Protocol, netlink, type NetlinkSocket } from '../../dist/index.js';
import { answer } from './answer.js';
import { countOf, dumpRoutes, linkRequest } from './dumps.js';

/** Few of something are over too soon to be measured alone. */
const ENOUGH = { requests: 1000, sockets: 16 };

const open = (): NetlinkSocket => {
  const socket = netlink({ protocol: Protocol.Route });
  socket.connect();
  return socket;
};

async function repeat(times: number, work: () => Promise<unknown>): Promise<number> {
  for (let time = 0; time < times; time++) await work();
  return times;
}

const [what, size] = process.argv.slice(2);
const count = Number(size);
if (what === 'requests') {
  const request = linkRequest(open());
  const work = (): Promise<number[]> => Promise.all(Array.from({ length: count }, () => countOf(request)));
  await answer(() => repeat(Math.ceil(ENOUGH.requests / count), work));
} else {
  const sockets = Array.from({ length: count }, open);
  await answer(() => repeat(Math.ceil(ENOUGH.sockets / count), () => Promise.all(sockets.map(dumpRoutes))));
}
process.exit();
