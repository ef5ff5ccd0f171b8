/*
 * Reads a storm of route events with the addon of this package and nothing else: it reads the length and the type of each message. The lines on
 * stdin and the answers are those of bench/subjects/storm-reader.ts.
 */
import { reply, settled } from '../../support/answer.js';
import { receiver, visit } from './connection.js';
import { connection } from './route.js';

const ROUTE_GROUP = 7;
connection.setBufferSize('receive', 32 << 20);
let events = 0;
receiver.receive = (slab) => {
  visit(slab, () => events++);
};
let before = process.cpuUsage();
await reply(async (line) => {
  if (line === 'stop') {
    await settled(() => events);
    const { user, system } = process.cpuUsage(before);
    connection.leave(ROUTE_GROUP);
    return JSON.stringify({ events, dropped: connection.drops(), cpu: user + system });
  }
  events = 0;
  connection.join(ROUTE_GROUP);
  before = process.cpuUsage();
  return 'ready';
});
