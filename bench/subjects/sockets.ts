/*
 * The library's side of bench/floor/sockets.c: `sockets EXT` lists the IPv4 TCP sockets with these extensions for each line on stdin, and prints
 * `nanoseconds rows`, in processor time of all threads.
 */
import { lastValueFrom } from 'rxjs';
import { AddressFamily } from '../../dist/index.js';
import { sockDiag } from '../../dist/families/sock_diag.js';
import { answer, processorTime } from '../support/answer.js';

const ext = Number(process.argv[2]);
const client = sockDiag();
const lease = client.socket.connect();
const request = { family: AddressFamily.Inet, ...(ext > 0 && { ext }) };
await answer(async () => (await lastValueFrom(client.list('inet', request))).length, processorTime);
lease.unsubscribe();
