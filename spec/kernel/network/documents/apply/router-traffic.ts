import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Namespace } from '../../../../support/namespace.js';

/** Answers each chunk of a TCP connection with the same bytes. */
const SERVER = `
const [, host, ...ports] = process.argv;
let open = ports.length;
for (const port of ports)
  require('node:net')
    .createServer((socket) => socket.on('error', () => {}).pipe(socket))
    .listen(Number(port), host, () => --open === 0 && console.log('ready'));`;

/**
 * Keeps four connections busy, opens new ones without end, and sends packets that the router must drop. At the end of its input it
 * prints the exchanges, and the connections that broke or could not be opened.
 */
const CLIENT = `
const net = require('node:net');
const udp = require('node:dgram').createSocket('udp4');
const [, host, allowed, ...refused] = process.argv;
const seen = { exchanges: 0, connections: 0, broken: [] };
let isOver = false;
const chunk = Buffer.alloc(1000, 7);
const broke = (kind) => (error) => isOver || seen.broken.push(kind + ' ' + (error?.message ?? 'was closed'));
const talk = () => {
  const socket = net.connect(Number(allowed), host, () => socket.write(chunk));
  let left = chunk.length;
  socket.on('data', (data) => {
    left -= data.length;
    if (left > 0) return;
    left = chunk.length;
    seen.exchanges++;
    setTimeout(() => socket.write(chunk), 5);
  });
  socket.on('error', broke('connection')).on('end', broke('connection'));
};
const open = () => {
  const socket = net.connect(Number(allowed), host, () => socket.write('x'));
  socket.on('data', () => {
    seen.connections++;
    socket.destroy();
    setTimeout(open, 20);
  });
  socket.on('error', broke('new connection'));
};
const knock = () => {
  for (const port of refused) {
    udp.send('x', Number(port), host);
    net.connect(Number(port), host).on('error', () => {}).setTimeout(300, function () { this.destroy(); });
  }
  setTimeout(knock, 50);
};
udp.on('error', () => {});
for (let count = 0; count < 4; count++) talk();
open();
knock();
console.log('ready');
process.stdin.resume().on('end', () => {
  isOver = true;
  console.log(JSON.stringify(seen));
  process.exit();
});`;

/** Sends datagrams to an address behind the router, which nothing has asked for. */
const INTRUDER = `
const udp = require('node:dgram').createSocket('udp4');
const [, host, port] = process.argv;
udp.on('error', () => {});
setInterval(() => udp.send('x', Number(port), host), 20);
console.log('ready');`;

/** The observations of a client. */
export interface Traffic {
  /** Answers on the connections that live all the time. */
  readonly exchanges: number;
  /** Connections that were opened, used and closed. */
  readonly connections: number;
  /** Connections that broke, or that could not be opened. */
  readonly broken: readonly string[];
}

async function start(namespace: Namespace, program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = namespace.start(process.execPath, '-e', program, ...args);
  await once(child.stdout!, 'data');
  return child;
}

/** Starts a server of TCP that answers with what it receives. */
export async function startServer(namespace: Namespace, host: string, ports: readonly number[]): Promise<void> {
  await start(namespace, SERVER, [host, ...ports.map(String)]);
}

/** Starts to send to an address without having been asked. */
export async function startIntruder(namespace: Namespace, host: string, port: number): Promise<void> {
  await start(namespace, INTRUDER, [host, String(port)]);
}

/** Starts a client; returns a function that ends it, and what it has seen. */
export async function startClient(
  namespace: Namespace,
  host: string,
  allowed: number,
  refused: readonly number[],
): Promise<() => Promise<Traffic>> {
  const child = await start(namespace, CLIENT, [host, String(allowed), ...refused.map(String)]);
  return async () => {
    child.stdin!.end();
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    return JSON.parse(line) as Traffic;
  };
}
