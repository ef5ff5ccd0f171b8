/*
 * Repeats work for each line on stdin, and prints `nanoseconds times`, the duration and the number of repetitions:
 *
 *   growth requests N    N requests at once on one socket, until all have a reply
 *   growth sockets N     N sockets that each dump the routes at once, until all dumps are complete
 */
import { Protocol, netlink, type NetlinkSocket } from '../../dist/index.js';
import { answer } from '../support/answer.js';
import { countOf, dumpRoutes, linkRequest } from './dumps.js';

/** A small number is too fast to be measured once. */
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
