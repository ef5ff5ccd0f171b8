/*
 * `sockets EXT` lists the IPv4 TCP sockets with these extensions, with the addon of this package and a decoder written by hand. The lines on
 * stdin and the answers are those of bench/subjects/sockets.ts.
 */
import { AddressFamily, Protocol } from '../../../dist/index.js';
import { answer, processorTime } from '../../support/answer.js';
import { ACK, DONE, DUMP, REQUEST, openConnection, receiver, visit } from './connection.js';
import { socketRow } from './socket-row.js';

/** SOCK_DIAG_BY_FAMILY, and the size of struct inet_diag_req_v2 after the header. */
const [BY_FAMILY, HEADER_SIZE, REQUEST_SIZE] = [20, 16, 56] as const;
const TCP = 6;
const ALL_STATES = 0xffff_ffff;

const connection = openConnection(Protocol.SockDiag);
const bytes = new Uint8Array(HEADER_SIZE + REQUEST_SIZE);
const words = new Uint32Array(bytes.buffer);
words[0] = bytes.byteLength;
words[1] = BY_FAMILY | ((REQUEST | ACK | DUMP) << 16);
bytes.set([AddressFamily.Inet, TCP, Number(process.argv[2])], HEADER_SIZE);
words[5] = ALL_STATES;

function list(): Promise<number> {
  const rows: object[] = [];
  return new Promise((resolve) => {
    receiver.receive = (slab) => {
      visit(slab, (slabWords, at, type) => {
        if (type === BY_FAMILY) rows.push(socketRow(slabWords, at));
        else if (type === DONE) resolve(rows.length);
      });
    };
    connection.send(bytes, bytes.byteLength);
  });
}

await answer(list, processorTime);
connection.close();
