/*
 * Programs in JavaScript that do only the named work with the addon of this package: they have no operators, no checks and no compiled decoders.
 * Requests have the interface of the library: an Observable for each, which is awaited, and messages that stay valid; a batch has an object for
 * each request and for each result. bench/floor/ opens the same socket and sends the same requests.
 *
 *   floors dump             reads the IPv4 routes, and the length and the type of each message
 *   floors emitted          the same, emits each message, and keeps the promises of `request()`; see floors/promised.ts
 *   floors typed            the same, and makes an object for each route, with the properties of a row
 *   floors list             the same, and keeps the objects
 *   floors watch            the same, and enters each object into a table of integer hashes
 *   floors sequential N     requests link 1 N times, one by one, and emits each reply
 *   floors promised N       the same, and keeps the promises of `request()`; see floors/promised.ts
 *   floors sync N           the same on a socket that the event loop does not read, without Observables
 *   floors do N             the same, and emits an object with the properties of a row
 *   floors crowd N          the same for 1,000 at once
 *   floors writes N         takes N / 2 requests that add routes, and as many that delete them, and sends them in datagrams
 *
 * Each works once for each line on stdin, and prints `nanoseconds count`.
 */
import { answer } from '../support/answer.js';
import { dump, list, typed, watch } from './floors/dumps.js';
import { dumpPromised, requestPromised } from './floors/promised.js';
import { requestCrowd, requestLinks, requestRows, requestSync, writeRoutes } from './floors/requests.js';
import { blocking, connection } from './floors/route.js';

const [what = 'dump', times = '1'] = process.argv.slice(2);
const work: Record<string, (times: number) => number | Promise<number>> = {
  dump: () => dump(() => undefined),
  emitted: dumpPromised,
  typed,
  list,
  watch,
  sequential: (count) => requestLinks(count),
  promised: requestPromised,
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
