/*
 * `operators N`: sends N requests at once on one socket for each line on stdin, and prints `nanoseconds N`. Each request has its own chain of
 * operators on all messages of the socket. `growth requests N` measures request(), which needs no such chain.
 */
import { lastValueFrom, take, toArray } from 'rxjs';
import { Protocol, hostIsLittleEndian, netlink, repliesTo } from '../../dist/index.js';
import { answer } from '../support/answer.js';

const RTM_GETLINK = 18;
const REQUEST = 1;
const count = Number(process.argv[2]);
const socket = netlink({ protocol: Protocol.Route, receiveBufferSize: 32 << 20 });
socket.connect();
const payload = new Uint8Array(16);
new DataView(payload.buffer).setInt32(4, 1, hostIsLittleEndian);

async function ask(): Promise<void> {
  const sent = socket.send({ type: RTM_GETLINK, flags: REQUEST, payload });
  await lastValueFrom(socket.pipe(repliesTo(sent, { portId: socket.portId }), take(1), toArray()));
}

await answer(async () => {
  await Promise.all(Array.from({ length: count }, ask));
  return count;
});
process.exit();
