/*
 * The library's side of bench/floor/conntrack.c:
 *
 *   conntrack fill N    makes N tracked connections of UDP and prints their number
 *   conntrack dump      dumps the IPv4 connections as rows for each line on stdin, and prints `nanoseconds rows`, in processor time of all threads
 */
import { AddressFamily, type FamilyOperation } from '../../../dist/index.js';
import { conntrack, type ConntrackFamily } from '../../../dist/families/conntrack.js';
import { answer, processorTime } from '../../support/answer.js';
import { countOf } from '../dumps.js';
import { countDone } from '../writes.js';

const SERVER = '192.0.2.1';
/** Seconds after which the kernel forgets a connection: longer than any run. */
const TIMEOUT = 86_400;

/** Yields the requests that make connections, each from another address. */
function* requests(count: number): Generator<FamilyOperation<ConntrackFamily>> {
  for (let index = 0; index < count; index++) {
    const from = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    const request = {
      nfgenFamily: AddressFamily.Inet,
      tupleOrig: { tupleIp: { ipV4Src: from, ipV4Dst: SERVER }, tupleProto: { protoNum: 17, protoSrcPort: 1000, protoDstPort: 53 } },
      tupleReply: { tupleIp: { ipV4Src: SERVER, ipV4Dst: from }, tupleProto: { protoNum: 17, protoSrcPort: 53, protoDstPort: 1000 } },
      timeout: TIMEOUT,
    };
    yield { op: 'new', request, options: { create: true } };
  }
}

const [what, count] = process.argv.slice(2);
const client = conntrack();
const lease = client.socket.connect();
if (what === 'fill') console.log(await countDone(client.batch(requests(Number(count)))));
else await answer(() => countOf(client.dump('get', { nfgenFamily: AddressFamily.Inet })), processorTime);
lease.unsubscribe();
