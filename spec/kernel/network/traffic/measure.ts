import type { Namespace } from '../../../support/namespace.js';
import { createNamespace } from '../../../support/namespace.js';

/** Sends datagrams of 1,400 bytes for some milliseconds, as fast as the socket accepts them; prints the milliseconds. */
const SENDER = `
const socket = require('node:dgram').createSocket('udp4');
const [, host, milliseconds] = process.argv;
const payload = Buffer.alloc(1372);
const start = Date.now();
const send = () => {
  for (let count = 0; count < 50; count++) socket.send(payload, 9, host);
  if (Date.now() - start < milliseconds) return void setTimeout(send, 2);
  console.log(Date.now() - start);
  socket.close();
};
socket.on('error', () => {});
send();`;

/** The bits of a datagram on Ethernet. */
const BITS = 1414 * 8;

/** Two namespaces with the ends of a pair of links: `p0` with 10.66.0.1, and `p1` with 10.66.0.2. */
export interface Pair {
  readonly first: Namespace;
  readonly second: Namespace;
  /** Returns the rate in bits per second at which datagrams arrive, while one side sends more than any limit of these specs. */
  measure(direction: 'out' | 'in', milliseconds: number): number;
}

/** Makes two connected namespaces for the specs of a `describe`. */
export function usePair(): () => Pair {
  let pair: Pair | undefined;
  before(() => {
    const first = createNamespace();
    const second = createNamespace();
    pair = { first, second, measure };
    first.ip(`link add p0 type veth peer name p1 netns ${second.path}`);
    first.batch(['addr add 10.66.0.1/24 dev p0', 'link set p0 up']);
    second.batch(['addr add 10.66.0.2/24 dev p1', 'link set p1 up']);

    function measure(direction: 'out' | 'in', milliseconds: number): number {
      const [from, to, host] = direction === 'out' ? ([first, second, '10.66.0.2'] as const) : ([second, first, '10.66.0.1'] as const);
      const start = received(to);
      const spent = Number(from.run('node', '-e', SENDER, host, String(milliseconds)));
      return ((received(to) - start) * BITS) / (spent / 1000);
    }
  });
  after(() => {
    pair?.first.delete();
    pair?.second.delete();
  });
  return () => pair!;
}

/** Returns the datagrams that a namespace has received, also those without a listener. */
function received(side: Namespace): number {
  const lines = side.run('cat', '/proc/net/snmp').split('\n');
  const [names, values] = lines.filter((line) => line.startsWith('Udp:')).map((line) => line.split(' '));
  return ['InDatagrams', 'NoPorts'].reduce((sum, name) => sum + Number(values![names!.indexOf(name)]), 0);
}
