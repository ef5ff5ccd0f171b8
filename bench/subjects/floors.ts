/*
 * Programs in JavaScript that do only the named work with the addon of this package: they have no operators, no checks and no compiled decoders,
 * and one Promise for each dump or each row. bench/floor/ opens the same socket and sends the same requests.
 *
 *   floors dump             reads the IPv4 routes, and the length and the type of each message
 *   floors list             the same, and keeps an object for each route, with the properties of a row
 *   floors watch            the same, and enters each object into a table of integer hashes
 *   floors sequential N     requests link 1 N times, one by one, and reads the headers of both messages
 *   floors sync N           the same on a socket that the event loop does not read
 *   floors do N             the same, and makes an object with the properties of a row
 *   floors crowd N          the same for 1,000 at once
 *   floors writes N         adds N / 2 routes and deletes them, in datagrams of 200 requests
 *
 * Each works once for each line on stdin, and prints `nanoseconds count`.
 */
import { answer } from '../support/answer.js';
import { dump, list, watch } from './floors/dumps.js';
import { requestCrowd, requestLinks, requestRows, requestSync, writeRoutes } from './floors/requests.js';
import { blocking, connection } from './floors/route.js';

const [what = 'dump', times = '1'] = process.argv.slice(2);
const work: Record<string, (times: number) => number | Promise<number>> = {
  dump: () => dump(() => undefined),
  list,
  watch,
  sequential: (count) => requestLinks(count),
  sync: requestSync,
  do: requestRows,
  crowd: requestCrowd,
  writes: writeRoutes,
};
const chosen = work[what];
if (chosen === undefined) throw new Error(`floors: unknown work (${what}); expected a command of the list above`);
await answer(async () => chosen(Number(times)));
connection.close();
blocking.close();
