/*
 * A process that serves the sockets of a host: `remote-process.ts URL HOST NETNS`. It prints `ready` when others can open sockets, and an error
 * that ends it.
 */
import { connect } from '@nats-io/transport-node';
import { serveRemote } from '../../../../lib/fleet/index.js';

const [url = '', host = '', netns = ''] = process.argv.slice(2);
const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
serveRemote(connection, { host, netns }).subscribe({
  next: ({ type }) => {
    if (type === 'started') process.stdout.write('ready\n');
  },
  error: (error: Error) => process.stdout.write(`${error.name}: ${error.message}\n`),
});
