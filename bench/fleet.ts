/*
 * `npm run bench:fleet`: a fleet of network namespaces on one machine, beside one key for each row in a KV bucket, in one run.
 *
 * Options: --hosts 20 --links 10 --routes 100 --seconds 5 --rate 1000 (changes a second) --cells 1 (streams; as many as hosts: each its own). --full is --hosts 200 --links 50 --routes 500 --rate 4500,
 * the size of the figures in docs/fleet.md; it needs about 2 GiB of memory and some minutes.
 */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { agent, fleet } from '../lib/fleet/index.js';
import { createNamespace, type Namespace } from '../spec/support/namespace.js';
import { startNatsServer } from '../spec/support/nats-server.js';

const small = { hosts: '20', links: '10', routes: '100', seconds: '5', rate: '1000', cells: '1' };
const full: typeof small = { hosts: '200', links: '50', routes: '500', seconds: '10', rate: '4500', cells: '1' };
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(Object.keys(small).map((name) => [name, { type: 'string' as const }])),
    full: { type: 'boolean', default: false },
  },
});
const given: Readonly<Partial<Record<string, unknown>>> = values;
const sizeOf = (name: keyof typeof small): number => {
  const size = Number(given[name] ?? (values.full ? full : small)[name]);
  if (!Number.isInteger(size) || size < 1) throw new Error(`bench:fleet: --${name} must be a positive integer (${String(given[name])})`);
  return size;
};
const [HOSTS, LINKS, ROUTES] = [sizeOf('hosts'), sizeOf('links'), sizeOf('routes')];
const [SECONDS, RATE, CELLS] = [sizeOf('seconds'), sizeOf('rate'), sizeOf('cells')];
/** Changes of one namespace that `ip` receives together. */
const BATCH = 50;

const table: (readonly [what: string, figure: string])[] = [];
const add = (what: string, figure: string): void => void table.push([what, figure]);
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
const memoryOf = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 'self'}/status`, 'utf8'))?.[1] ?? 0) * 1024;

const address = (index: number): string => `172.${String(16 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}`;

const server = await startNatsServer();
const namespaces: Namespace[] = [];
const connections: NatsConnection[] = [];
const open = async (): Promise<NatsConnection> => {
  const connection = await connect({ servers: server.url, maxReconnectAttempts: -1 });
  connections.push(connection);
  return connection;
};
try {
  for (let host = 0; host < HOSTS; host++) {
    const namespace = createNamespace();
    namespaces.push(namespace);
    const links = Array.from({ length: LINKS }, (_, link) => `link add l${String(link)} type bridge`);
    const routes = Array.from({ length: ROUTES }, (_, route) => `route add ${address(route)} via 10.9.0.9 dev l0 onlink`);
    namespace.batch([...links, 'link set l0 up', 'address add 10.9.0.1/24 dev l0', ...routes]);
  }
  await startAgents();
  const rows = await catchUp();
  await churn();
  await keys(rows);
  add('nats-server: memory at the end', mebibytes(memoryOf(server.process.pid)));
} finally {
  for (const connection of connections) await connection.close();
  await server.delete();
  for (const namespace of namespaces) namespace.delete();
}
const width = Math.max(...table.map(([what]) => what.length));
const load = loadavg()[0]!.toFixed(1);
process.stdout.write(
  `${HOSTS} hosts, ${LINKS} links and ${ROUTES} routes each, ${CELLS} cells, Node ${process.version}, ${availableParallelism()} processors, load ${load}\n\n`,
);
for (const [what, figure] of table) process.stdout.write(`${what.padEnd(width)}  ${figure}\n`);
process.exit();

/** Starts an agent for each host, and waits until all of their tables are stored. */
async function startAgents(): Promise<void> {
  const connection = await open();
  const tables = ['links', 'addresses', 'routes'];
  const began = performance.now();
  let [stored, bytes] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    for (const [index, { path }] of namespaces.entries()) {
      agent(connection, { host: `host-${String(index)}`, netns: path, tables, cells: CELLS, cell: index % CELLS }).subscribe({
        next: (event) => {
          if (event.type !== 'published') return;
          bytes += event.bytes;
          if (event.snapshot && ++stored === HOSTS * tables.length) resolve();
        },
        error: reject,
      });
    }
  });
  add(`start: ${String(stored)} tables stored`, `${seconds(performance.now() - began)}, ${mebibytes(bytes)}`);
  add('process of all agents: memory', mebibytes(memoryOf(undefined)));
  add('nats-server: memory with the tables', mebibytes(memoryOf(server.process.pid)));
}

/** Reads all routes with a reader that starts now; returns their number. */
async function catchUp(): Promise<number> {
  const connection = await open();
  const began = performance.now();
  let [hosts, rows] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    const reading = fleet(connection)
      .watch('rt-route', 'getroute')
      .subscribe({
        next: (change) => {
          if (change.type !== 'synced') return;
          rows += change.entries.length;
          if (++hosts < HOSTS) return;
          resolve();
          queueMicrotask(() => reading.unsubscribe());
        },
        error: reject,
      });
  });
  const took = performance.now() - began;
  add(`fresh reader: ${String(rows)} routes`, `${seconds(took)}, ${((rows / took) * 1000).toFixed(0)} rows/s`);
  return rows;
}

/** Adds and deletes routes at a rate, and measures the time from the kernel's program to the subscriber. */
async function churn(): Promise<void> {
  const connection = await open();
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  let changes = 0;
  const reading = fleet(connection)
    .watch('rt-route', 'getroute', { pick: ['dst'] })
    .subscribe((change) => {
      if (change.type !== 'added' && change.type !== 'removed') return;
      changes++;
      const at = sent.get(`${change.type} ${change.host} ${String(change.value.dst)}`);
      if (at !== undefined) latencies.push(performance.now() - at);
    });
  // Other processes, which read lines as they arrive: this one must stay free to receive.
  const writers = namespaces.map(({ path }) =>
    spawn('nsenter', [`--net=${path}`, '--', 'ip', '-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] }),
  );
  await delay(1000);
  const used = process.cpuUsage();
  const began = performance.now();
  let made = 0;
  for (let round = 0; performance.now() - began < SECONDS * 1000; round++) {
    const at = round % HOSTS;
    const verb = Math.floor(round / HOSTS) % 2 === 0 ? 'add' : 'delete';
    const lines = Array.from({ length: BATCH }, (_, index) => `route ${verb} ${address(20_000 + index)} via 10.9.0.9 dev l0 onlink\n`);
    const now = performance.now();
    for (let index = 0; index < BATCH; index++) {
      sent.set(`${verb === 'add' ? 'added' : 'removed'} host-${String(at)} ${address(20_000 + index)}`, now);
    }
    writers[at]!.stdin.write(lines.join(''));
    made += BATCH;
    const ahead = (made / RATE) * 1000 - (performance.now() - began);
    await delay(Math.max(0, ahead));
  }
  const took = performance.now() - began;
  const ended = performance.now();
  while (changes < made && performance.now() - ended < 30_000) await delay(50);
  const behind = performance.now() - ended;
  const { user, system } = process.cpuUsage(used);
  reading.unsubscribe();
  for (const { stdin } of writers) stdin.end();
  latencies.sort((one, other) => one - other);
  add(
    `churn: ${String(made)} changes of routes`,
    `${((made / took) * 1000).toFixed(0)}/s of ${String(RATE)}/s, ${String(made - changes)} not received`,
  );
  add('the last change received after the last input', seconds(behind));
  add(
    'latency from the standard input of ip to the subscriber',
    `p50 ${quantile(latencies, 0.5).toFixed(0)} ms, p99 ${quantile(latencies, 0.99).toFixed(0)} ms`,
  );
  add('agents and reader: processor', `${(((user + system) / 1000 / took) * 100).toFixed(0)} % of a core`);
}

/** Writes and reads as many keys of a bucket, as a design with one key for each row does. */
async function keys(rows: number): Promise<void> {
  const connection = await open();
  const manager = await jetstreamManager(connection);
  // A KV bucket is a stream with one message for each subject.
  await manager.streams.add({ name: 'KV_rows', subjects: ['$KV.rows.>'], max_msgs_per_subject: 1, allow_rollup_hdrs: true });
  const client = jetstream(connection);
  const row = JSON.stringify({
    rtmFamily: 2,
    rtmDstLen: 32,
    rtmTable: 254,
    rtmProtocol: 3,
    rtmScope: 0,
    rtmType: 'unicast',
    dst: '172.16.0.1',
    oif: 2,
  });
  const began = performance.now();
  const under = new Set<Promise<unknown>>();
  for (let index = 0; index < rows; index++) {
    const publish = client.publish(`$KV.rows.${String(index)}`, row).finally(() => under.delete(publish));
    under.add(publish);
    if (under.size >= 256) await Promise.race(under);
  }
  await Promise.all(under);
  add(
    `one key a row: ${String(rows)} keys written`,
    `${seconds(performance.now() - began)}, ${((rows / (performance.now() - began)) * 1000).toFixed(0)} rows/s`,
  );
  const started = performance.now();
  const consumer = await client.consumers.get('KV_rows');
  const messages = await consumer.consume();
  let read = 0;
  for await (const message of messages) {
    message.json();
    if (++read === rows) break;
  }
  add(`one key a row: fresh reader of ${String(read)} keys`, seconds(performance.now() - started));
}
