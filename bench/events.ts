import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Protocol, bpf, netlink, type SocketFilter } from 'rxnetlink';

/** What reading a storm of events took. */
export interface StormFigures {
  /** Events that arrived. */
  readonly events: number;
  /** Processor time of this process, in milliseconds. */
  readonly cpu: number;
  readonly overruns: number;
}

const ROUTE_GROUP = 7;
const DELROUTE = 25;

/**
 * Reads the events of half as many routes that another process adds and deletes again, all of them and then, with a filter,
 * only the deletions.
 */
export async function measureStorms(
  namespace: string,
  events: number,
  folder: string,
): Promise<{ all: StormFigures; filtered: StormFigures }> {
  const file = join(folder, 'storm');
  const routes = Array.from(
    { length: events / 2 },
    (_, index) => `11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 via 192.0.2.2`,
  );
  writeFileSync(file, [...routes.map((route) => `route add ${route}`), ...routes.map((route) => `route del ${route}`), ''].join('\n'));
  await readStorm(namespace, file);
  return { all: await readStorm(namespace, file), filtered: await readStorm(namespace, file, bpf.messageTypes(DELROUTE)) };
}

async function readStorm(namespace: string, file: string, filter?: SocketFilter): Promise<StormFigures> {
  const socket = netlink({ protocol: Protocol.Route, netns: namespace, receiveBufferSize: 32 << 20, ...(filter && { filter }) });
  let count = 0;
  socket.multicast(ROUTE_GROUP).subscribe({ next: () => count++, error: () => undefined });
  const before = process.cpuUsage();
  const writer = spawn('ip', ['-n', namespace, '-batch', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(writer, 'exit');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { user, system } = process.cpuUsage(before);
  const { overruns } = socket.counters;
  socket.close();
  return { events: count, cpu: (user + system) / 1000, overruns };
}
