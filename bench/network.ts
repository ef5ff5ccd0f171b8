/*
 * `npm run bench:network`: measures `network()` beside `ip`: routes added in one call, links listed with their addresses, a change in a
 * view of few and of many routes. Figures are processor time, user and system, and the time that the work takes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digits, figuresOf } from './support/figures.js';
import { command, makeInterface, makeNamespace, makeRoutes, ownFolder } from './support/place.js';
import { buildSubjects, subject } from './support/programs.js';

const ROUTES = 10_000;
const LINKS = 1000;
const RUNS = 5;

interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** Runs the subject in a namespace and returns its figures. */
function run<Figures>(namespace: string, mode: string, count = 0): Figures {
  return JSON.parse(command('ip', 'netns', 'exec', namespace, ...subject('network', [mode, String(count)]))) as Figures;
}

/** Runs its arguments, then prints the processor time of the child in milliseconds; the kernel counts it in microseconds (getrusage()). */
const RESOURCES = `
import json, resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'cpu': (used.ru_utime + used.ru_stime) * 1000, 'wall': wall * 1000}))
`;

/** Runs `ip` in a namespace, and returns its processor time and its time, without those of Python. */
function runIp(namespace: string, ...args: readonly string[]): Cost {
  return JSON.parse(command('ip', 'netns', 'exec', namespace, 'python3', '-c', RESOURCES, 'ip', ...args)) as Cost;
}

/** Writes a file for `ip -batch` and returns its path. */
function batch(name: string, lines: readonly string[]): string {
  const file = join(ownFolder(), name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Measures the library and `ip` in turn; prints both and the median of the ratios. */
function compare(title: string, prepare: () => void, library: () => Cost, ip: () => Cost): void {
  const pairs = Array.from({ length: RUNS }, () => {
    prepare();
    const own = library();
    prepare();
    return { own, other: ip() };
  });
  for (const time of ['cpu', 'wall'] as const) {
    const [own, other] = [figuresOf(pairs.map((pair) => pair.own[time])), figuresOf(pairs.map((pair) => pair.other[time]))];
    const ratio = figuresOf(pairs.map((pair) => pair.own[time] / pair.other[time]));
    console.log(`${title}, ${time}: ${digits(own.median)} ms, ip ${digits(other.median)} ms, ${digits(ratio.median)} x`);
  }
}

await buildSubjects();
const writing = makeNamespace('writing');
makeInterface(writing);
const lines = Array.from(
  { length: ROUTES },
  (_, index) => `route add 11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 dev bench0`,
);
const routes = batch('routes', lines);
const flush = (): void => void command('ip', '-n', writing, 'route', 'flush', 'table', 'main', 'dev', 'bench0');
compare(
  '10,000 routes added',
  flush,
  () => run<Cost>(writing, 'add', ROUTES),
  () => runIp(writing, '-batch', routes),
);

const reading = makeNamespace('reading');
const links = batch(
  'links',
  Array.from({ length: LINKS }, (_, index) => [
    `link add l${index} type bridge`,
    `addr add 10.${index >> 8}.${index & 255}.1/24 dev l${index}`,
    `addr add fd00:${index.toString(16)}::1/64 dev l${index} nodad`,
  ]).flat(),
);
command('ip', '-n', reading, '-batch', links);
compare(
  '1,000 links with addresses listed',
  () => undefined,
  () => run<Cost>(reading, 'list'),
  () => runIp(reading, '-j', 'addr'),
);

const change = (count: number): number => {
  const namespace = makeRoutes(`view-${count}`, count);
  return figuresOf(Array.from({ length: 3 }, () => run<{ readonly change: number }>(namespace, 'view').change)).median;
};
const [few, many] = [change(1000), change(100_000)];
console.log(`a change in a view, cpu: ${digits(few)} ms with 1,000 routes, ${digits(many)} ms with 100,000, ${digits(many / few)} x`);
process.exit();
