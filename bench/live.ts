/*
 * `npm run bench:live`: measures live collections. The figures are the time to read many routes, compared with a C program that only
 * receives them, the heap of a route, the time until a change is emitted, the cost of the maps of `toMap`,
 * and the wake-ups of an idle process that watches.
 *
 *   --routes N     routes in the namespace (200000)
 */
import { parseArgs } from 'node:util';
import { Contender } from './support/contender.js';
import { digits, figuresOf } from './support/figures.js';
import { makeNamespace, makeRoutes } from './support/place.js';
import { buildSubjects, compile, runIn, subject } from './support/programs.js';

const { values } = parseArgs({ options: { routes: { type: 'string', default: '200000' } } });

/** Runs the subject in a namespace and returns its figures. */
function run<Figures>(namespace: string, mode: string): Figures {
  return runIn<Figures>(namespace, subject('live', [mode], ['--expose-gc']));
}

interface Rest {
  readonly wakeUps: number;
  readonly resident: number;
}
interface MapCost {
  readonly change: number;
  readonly get: number;
  readonly walk: number;
}
interface Sync {
  readonly count: number;
  readonly sync: number;
  readonly bytes: number;
  readonly change: number;
}

await buildSubjects();
const empty = makeNamespace('empty');
const bare = run<Rest>(empty, 'bare');
const idle = run<Rest>(empty, 'idle');
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
console.log(`bare node with rxjs      ${mebibytes(bare.resident)}, ${String(bare.wakeUps)} wake-ups in 3 s`);
console.log(`watching four tables     ${mebibytes(idle.resident)}, ${String(idle.wakeUps)} wake-ups in 3 s`);

const [small, large] = run<[MapCost, MapCost]>(empty, 'map');
console.log(`a change in toMap        ${digits(large.change)} us with 100,000 entries, ${digits(small.change)} us with 1,000`);
console.log(`a look-up, a walk        ${digits(large.get)} us, ${digits(large.walk / 1000)} ms with 100,000 entries`);

const namespace = makeRoutes('routes', Number(values.routes));
const contender = new Contender('C', namespace, [compile('floor/floor.c'), 'dump']);
const floors: number[] = [];
for (let round = -1; round < 5; round++) {
  const { nanoseconds } = await contender.measure();
  if (round >= 0) floors.push(nanoseconds / 1e6);
}
contender.close();
const { count, sync, bytes, change } = run<Sync>(namespace, 'sync');
const floor = figuresOf(floors).median;
console.log(`C receives them          ${digits(floor)} ms`);
console.log(`${String(count)} routes in sync     ${sync.toFixed(0)} ms, ${(sync / floor).toFixed(1)} x the C program`);
console.log(`heap of a route          ${bytes.toFixed(0)} bytes`);
console.log(`a change, until emitted  ${(change * 1000).toFixed(0)} us`);
process.exit();
