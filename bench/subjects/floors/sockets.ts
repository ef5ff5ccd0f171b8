/*
 * The least JavaScript that lists the IPv4 TCP sockets, beside bench/floor/sockets.c: `sockets EXT` makes an object for each socket, with the
 * properties of a row, and keeps it. It prints `nanoseconds rows` for each line on stdin, in processor time of all threads.
 */
import { AddressFamily, Protocol } from '../../../dist/index.js';
import { answer, processorTime } from '../../support/answer.js';
import { ACK, DUMP, REQUEST, bytes, dumpOver, openConnection, prepare, request } from './connection.js';
import { socketRow } from './socket-row.js';

const [SOCK_DIAG_BY_FAMILY, TCP, ALL_STATES, LENGTH] = [20, 6, 0x3fff, 72] as const;

const ext = Number(process.argv[2]);
const connection = openConnection(Protocol.SockDiag);

async function list(): Promise<number> {
  const rows: object[] = [];
  prepare(LENGTH, SOCK_DIAG_BY_FAMILY, REQUEST | ACK | DUMP);
  bytes.set([AddressFamily.Inet, TCP, ext], 16);
  request[5] = ALL_STATES;
  await dumpOver(connection, LENGTH, SOCK_DIAG_BY_FAMILY, (words, at) => rows.push(socketRow(words, at, ext > 0)));
  return rows.length;
}

await answer(list, processorTime);
connection.close();
