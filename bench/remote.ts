/*
 * `npm run bench:remote`: dumps of routes from the kernel of another host, over a nats-server on loopback, beside the same dumps of this process.
 *
 * Options: --routes 200000 --runs 5. The host is another process; the runs alternate. The lowest, median and highest times are printed.
 */
import { connect } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, lastValueFrom } from 'rxjs';
import { rtLink } from '../lib/families/rt-link.js';
import { rtRoute } from '../lib/families/rt-route.js';
import { remote } from '../lib/fleet/index.js';
import { createNamespace } from '../spec/support/namespace.js';
import { startNatsServer } from '../spec/support/nats-server.js';

const { values } = parseArgs({ options: { routes: { type: 'string', default: '200000' }, runs: { type: 'string', default: '5' } } });
const [ROUTES, RUNS] = [Number(values.routes), Number(values.runs)];
/** Sequential requests of a run. */
const REQUESTS = 500;

const server = await startNatsServer({ jetstream: false });
const namespace = createNamespace();
namespace.batch([
  'link add d0 type bridge',
  'link set d0 up',
  'address add 10.9.0.1/24 dev d0',
  ...Array.from(
    { length: ROUTES },
    (_, at) => `route add 172.${16 + (at >> 16)}.${(at >> 8) & 255}.${at & 255} via 10.9.0.9 dev d0 onlink`,
  ),
]);
const script = join(import.meta.dirname, '../spec/kernel/fleet/faults/remote-process.ts');
const host = spawn(process.execPath, ['--import', 'tsx', script, server.url, 'a', namespace.path], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await once(host.stdout, 'data');
  const connection = await connect({ servers: server.url });
  const places = { local: { netns: namespace.path }, remote: { transport: remote(connection, 'a') } };
  const dumps: Record<string, number[]> = { local: [], remote: [] };
  const used: Record<string, number[]> = { local: [], remote: [] };
  const requests: Record<string, number[]> = { local: [], remote: [] };
  // The first run of each compiles the codecs and is not counted.
  for (let run = 0; run <= RUNS; run++) {
    for (const [place, options] of Object.entries(places)) {
      using route = rtRoute(options);
      const [before, began] = [process.cpuUsage(), performance.now()];
      const rows = await lastValueFrom(route.dump('getroute', { rtmFamily: 2 }).pipe(count()));
      if (rows < ROUTES) throw new Error(`${place}: ${rows} routes, of ${ROUTES}`);
      const took = performance.now() - began;
      const { user, system } = process.cpuUsage(before);
      using link = rtLink(options);
      const each: number[] = [];
      for (let index = 0; index < REQUESTS; index++) {
        const sent = performance.now();
        await lastValueFrom(link.do('getlink', { ifname: 'd0' }));
        each.push(performance.now() - sent);
      }
      if (run === 0) continue;
      dumps[place]!.push(took);
      used[place]!.push((user + system) / 1000);
      requests[place]!.push(median(each));
    }
  }
  await connection.close();
  console.log(`${ROUTES} routes, ${RUNS} runs, Node ${process.version}; milliseconds: lowest, median, highest\n`);
  for (const place of Object.keys(places)) {
    console.log(`${place.padEnd(6)}  dump ${range(dumps[place]!)}; processor time of the reader ${range(used[place]!)}`);
    console.log(`${''.padEnd(6)}  one getlink after another, median of ${REQUESTS}: ${range(requests[place]!, 2)}`);
  }
  console.log(`\nremote to local: dump ${(median(dumps['remote']!) / median(dumps['local']!)).toFixed(2)}`);
} finally {
  host.kill('SIGKILL');
  namespace.delete();
  await server.delete();
}
process.exit();

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[figures.length >> 1]!;
}

function range(figures: readonly number[], digits = 0): string {
  return [Math.min(...figures), median(figures), Math.max(...figures)].map((figure) => figure.toFixed(digits)).join(', ');
}
