/*
 * Serves a page with the links of this machine, live, until Ctrl-C.
 *
 *   node dashboard-page.js [PORT [NETNS]]
 */
import { network } from 'rxnetlink/network';
import { createPageServer } from './serve.js';

const [port = '8080', netns] = process.argv.slice(2);
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  console.error(`${port} is not a port: give a number from 0 to 65535`);
  process.exit(2);
}
const net = network(netns === undefined ? {} : { netns });
const server = createPageServer(net);
server.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
// Other machines cannot connect. All users of this machine can.
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port === '0' ? portOf() : port}/`));

function portOf(): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const stop = (): void => {
  server.close(() => net.close());
  // The streams of open pages would keep the server.
  server.closeAllConnections();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
