/*
 * `npm run bench`: what the library costs beside a C program that does the same receiving, in one run on one machine.
 *
 *   --routes N     routes in the namespace (200000)
 *   --runs N       runs of each that count (9)
 *   --requests N   requests of a sequential run (20000)
 *   --events N     route events of a storm (200000)
 *   --json FILE    the figures as JSON too
 *
 * It works in a namespace and a folder of its own, and leaves neither behind.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Contender, race, type Figures } from './contender.js';
import { measureStorms } from './events.js';
import { command, deleteNamespace, makeRoutes } from './namespace.js';

const { values } = parseArgs({
  options: {
    routes: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '9' },
    requests: { type: 'string', default: '20000' },
    events: { type: 'string', default: '200000' },
    json: { type: 'string' },
  },
});
const here = import.meta.dirname;
const namespace = `rxnl-bench-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-bench-'));
const contenders: Contender[] = [];

// Also after Ctrl-C and after an error: whatever way the process ends, it ends here.
process.once('exit', () => {
  for (const contender of contenders) contender.close();
  deleteNamespace(namespace);
  rmSync(folder, { recursive: true, force: true });
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const floor = join(folder, 'floor');
const measure = [process.execPath, '--import', 'tsx', join(here, 'measure.ts')];

async function compare(
  title: string,
  unit: string,
  scale: number,
  args: readonly string[],
  warmUp: number,
  libraryArgs: readonly string[] = args,
): Promise<Comparison> {
  const pair = [new Contender('C', namespace, [floor, ...args]), new Contender('rxnetlink', namespace, [...measure, ...libraryArgs])];
  contenders.push(...pair);
  const [c, library] = await race(pair, warmUp, Number(values.runs));
  for (const contender of pair) contender.close();
  if (c!.count > library!.count + 1 || c!.count < library!.count) {
    throw new Error(`${title}: C saw ${c!.count} messages, the library ${library!.count}`);
  }
  const ratio = library!.median / c!.median;
  console.log(`\n${title}`);
  for (const [name, { median, lowest, highest }] of [
    ['C', c!],
    ['rxnetlink', library!],
  ] as const) {
    const [a, b, d] = [median, lowest, highest].map((time) => (time / scale).toFixed(2));
    console.log(`  ${name.padEnd(10)} ${a!.padStart(9)} ${unit}   (${b!} to ${d!})`);
  }
  return { title, unit, scale, c: c!, library: library!, ratio };
}

interface Comparison {
  readonly title: string;
  readonly unit: string;
  /** Nanoseconds in one unit. */
  readonly scale: number;
  readonly c: Figures;
  readonly library: Figures;
  readonly ratio: number;
}

const { version } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8')) as { version: string };
const machine = {
  date: new Date().toISOString().slice(0, 10),
  rxnetlink: version,
  node: process.version,
  kernel: release(),
  compiler: command('gcc', '--version').split('\n')[0]!,
  processor: `${cpus()[0]!.model}, ${cpus().length} cores, ${arch()}`,
};
for (const [key, value] of Object.entries(machine)) console.log(`${key.padEnd(10)} ${value}`);

command('gcc', '-O2', '-Wall', '-Wextra', '-o', floor, join(here, 'floor.c'));
makeRoutes(namespace, Number(values.routes), folder);

const requests = Number(values.requests);
const dump = await compare(`dump of ${values.routes} IPv4 routes, median of ${values.runs} runs each, in turn`, 'ms', 1e6, ['dump'], 2);
const typed = await compare('the same as typed rows, streamed', 'ms', 1e6, ['dump'], 2, ['typed']);
const list = await compare('the same as typed rows, kept in an array', 'ms', 1e6, ['dump'], 2, ['list']);
const sequential = await compare(
  `one link, ${requests} times, each awaited: time of one, median of ${values.runs} runs each, in turn`,
  'us',
  1e3 * requests,
  ['sequential', String(requests)],
  2,
);

const storms = await measureStorms(namespace, Number(values.events), folder);
console.log(`\n${values.events} route events by another process: processor time of the reader`);
for (const [name, { events, cpu, overruns }] of Object.entries(storms)) {
  console.log(`  ${name.padEnd(10)} ${cpu.toFixed(0).padStart(9)} ms   (${events} events, ${overruns} overruns)`);
}

if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results: [dump, typed, list, sequential], storms }, null, 2)}\n`);
const ratios = Object.entries({ dump, typed, list, sequential }).map(([name, { ratio }]) => `${name} ${ratio.toFixed(2)}`);
console.log(`\nrxnetlink / C: ${ratios.join(', ')}`);
