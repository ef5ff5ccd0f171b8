/*
 * The library's side of `npm run bench:documents`: runs one mode on a document from a file, and prints figures as JSON. It first applies
 * the document in each namespace of which the path follows.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { forkJoin, lastValueFrom, type Observable } from 'rxjs';
import { network, type NetworkDocument } from '../../../dist/network/index.js';

const [mode = '', file = '', ...others] = process.argv.slice(2);
const document = JSON.parse(readFileSync(file, 'utf8')) as NetworkDocument;
const net = network();

interface Figures {
  /** The processor time in milliseconds, user and system. */
  readonly cpu: number;
  readonly wall: number;
  /** The longest delays of the event loop in milliseconds. */
  readonly p99: number;
  readonly longest: number;
  readonly [name: string]: number;
}

/** Runs work and returns its figures. */
async function measured(run: () => Promise<Readonly<Record<string, number>>>): Promise<Figures> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  // The loop must turn once before the first sample.
  delays.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.reset();
  const [began, before] = [performance.now(), process.cpuUsage()];
  const found = await run();
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 2));
  delays.disable();
  return { ...found, cpu: (user + system) / 1000, wall, p99: delays.percentile(99) / 1e6, longest: delays.max / 1e6 };
}

/** Reads the tables that the plan of the document reads. */
function read(): Observable<readonly (readonly object[])[]> {
  return forkJoin([net.links.list(), net.addresses.list(), net.routes.list()]);
}

const modes: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = {
  list: async () => ({ objects: (await lastValueFrom(read())).flat().length }),
  firewall: async () => ({ tables: (await lastValueFrom(net.firewall.list())).length }),
  plan: async () => ({ differences: (await lastValueFrom(net.plan(document))).differences.length }),
  apply: async () => ({ written: (await lastValueFrom(net.apply(document))).written }),
};

for (const netns of others) {
  const other = network({ netns });
  await lastValueFrom(other.apply(document));
  other.close();
}
// The first requests compile the codecs.
await lastValueFrom(forkJoin([net.links.list({ name: 'lo' }), net.addresses.list({ link: 'lo' }), net.routes.list({ table: 'default' })]));
console.log(JSON.stringify(await measured(modes[mode]!)));
net.close();
process.exit();
