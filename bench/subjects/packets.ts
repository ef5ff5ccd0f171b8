/*
 * The library's side of bench/floor/packets.c: `packets queue NUMBER` accepts packets, `packets log NUMBER` receives them. Both print
 * `nanoseconds packets` for each line `N` on stdin, after N packets, in processor time of all threads.
 */
import { nflog } from '../../dist/families/nfnetlink_log.js';
import { nfqueue } from '../../dist/families/nfnetlink_queue.js';
import { processorTime, reply } from '../support/answer.js';

const [what, number] = process.argv.slice(2);
const receiveBufferSize = 256 << 20;
let count = 0;
let wanted = Infinity;
let done = (): void => undefined;
const add = (): void => {
  if (++count >= wanted) done();
};

if (what === 'queue') {
  nfqueue(Number(number), { receiveBufferSize }).subscribe((packet) => {
    packet.accept();
    add();
  });
} else nflog(Number(number), { receiveBufferSize, threshold: 100, bufferSize: 65_536, timeout: 10 }).subscribe(add);

await reply(async (line) => {
  const began = processorTime();
  wanted = Number(line);
  if (count < wanted) await new Promise<void>((resolve) => (done = resolve));
  const answer = `${processorTime() - began} ${count}`;
  count = 0;
  wanted = Infinity;
  return answer;
});
