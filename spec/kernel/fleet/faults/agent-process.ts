/*
 * A process with an agent for each host: `agent-process.ts URL BEAT HOST=NETNS...`. It prints `ready` when the tables of all hosts are stored, and
 * each error.
 */
import { connect } from '@nats-io/transport-node';
import { agent } from '../../../../lib/fleet/index.js';

const [url = '', beat = '', ...hosts] = process.argv.slice(2);
const connection = await connect({
  servers: url.split(','),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
  pingInterval: 2000,
  maxPingOut: 2,
});
const tables = ['links', 'addresses', 'routes'];
const stored = new Set<string>();
for (const pair of hosts) {
  const [host = '', netns = ''] = pair.split('=');
  agent(connection, { host, netns, tables, beat: Number(beat) }).subscribe({
    next: (event) => {
      if (event.type !== 'published' || stored.has(`${host} ${event.table}`)) return;
      stored.add(`${host} ${event.table}`);
      if (stored.size === hosts.length * tables.length) process.stdout.write('ready\n');
    },
    error: (error: Error) => process.stdout.write(`${host}: ${error.name}: ${error.message}\n`),
  });
}
