/*
 * `npm run bench`: measures the library alternately with C programs that receive the same messages, and with other programs, in one run
 * on one machine. It works in its own namespaces and folder, and deletes them at the end. The exit code is 1 if a row could not be measured;
 * a bound that does not hold is not a failure.
 *
 *   --only a,b     only these rows: raw typed list watch watch-million sequential getroute do pick crowd sync writes storm filter storm-watch pool
 *                  heap kept resync clients many-sockets imports first sockets sockets-info packets-queue packets-log conntrack dashboard, the
 *                  least JavaScript beside C (floor-raw floor-emitted floor-typed floor-list floor-watch floor-watch-million floor-sequential floor-promised floor-do
 *                  floor-crowd floor-sync floor-writes floor-storm floor-sockets floor-sockets-info), and growth (or growth-routes ...)
 *   --routes N     routes in the namespace (200000)
 *   --runs N       measured runs of each program (9); three times as many of requests, of writes and of lists of sockets
 *   --requests N   requests of a sequential run (20000)
 *   --events N     route events of a storm (200000)
 *   --writes N     routes written in a run (40000)
 *   --sockets N    TCP sockets in a namespace (10000)
 *   --packets N    packets of a queue or a log group (100000)
 *   --million N    routes of the row watch-million (1000000)
 *   --clients N    clients that listen, and sockets in many namespaces (1000)
 *   --namespaces N namespaces of these sockets (100)
 *   --entries N    tracked connections (1000000, or as many as the kernel allows)
 *   --no-peers     only the C programs
 *   --json FILE    also writes the figures as JSON
 *   --docs         measures all rows and writes docs/benchmark.md, unless a row failed
 *   --earlier FILE with --docs, the JSON of an earlier run: the page has the bounds of both
 *   --from FILE    reads the figures from that JSON and measures nothing
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Bench } from './bench.js';
import { writeDocs } from './docs.js';
import { growthRows } from './growth/list.js';
import { describeLoad, describeMachine } from './support/machine.js';
import { readOptions, type Options } from './support/options.js';
import { buildSubjects } from './support/programs.js';
import { printChecks, printGrowth, printMachine, printResult } from './support/report.js';
import type { Failure, Growth, Report, Result } from './support/result.js';
import { rows } from './rows/list.js';

async function measure(options: Options): Promise<Report> {
  await buildSubjects();
  const machine = describeMachine();
  printMachine(machine);
  const bench = new Bench(options);
  const results: Result[] = [];
  for (const row of rows.filter(({ name }) => wanted(options, name, true))) {
    const result = await attempt(row, bench, { series: [], missing: [] });
    printResult(result);
    results.push(result);
  }
  const growth: Growth[] = [];
  for (const row of growthRows.filter(({ name }) => wanted(options, name, options.docs))) {
    const grown = await attempt(row, bench, { size: '', sizes: [], curves: [] });
    printGrowth(grown);
    growth.push(grown);
  }
  const load = { 'load at its end': describeLoad() };
  printMachine(load);
  return { machine: { ...machine, ...load }, results, growth };
}

/**
 * Measures a row or a plot; if it fails, the run goes on with the others.
 *
 * @param empty - The content of a failed one.
 */
async function attempt<One, Empty extends object>(
  row: { readonly name: string; measure(bench: Bench): Promise<One> },
  bench: Bench,
  empty: Empty,
): Promise<One | (Empty & Failure)> {
  try {
    return await row.measure(bench);
  } catch (error) {
    const { name } = row;
    const check = { what: name, bound: 'can be measured', figure: 'failed', holds: false };
    return { ...empty, name, title: `${name} failed: ${String(error)}`, unit: '', checks: [check], failed: true };
  }
}

/** Returns true if a row is measured; `usual` is the result if the command line chooses no row. */
function wanted({ only }: Options, name: string, usual: boolean): boolean {
  if (only.length === 0) return usual;
  return only.includes(name) || (name.startsWith('growth-') && only.includes('growth'));
}

function checkNames({ only }: Options): void {
  const names = [...rows, ...growthRows].map(({ name }) => name);
  const unknown = only.filter((name) => name !== 'growth' && !names.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`bench: unknown rows in --only (${unknown.join(', ')}); expected some of ${names.join(', ')}`);
}

const options = readOptions(process.argv.slice(2));
checkNames(options);
const read = (file: string): Report => JSON.parse(readFileSync(file, 'utf8')) as Report;
const earlier = options.earlier === undefined ? undefined : read(options.earlier);
const report = options.from === undefined ? await measure(options) : read(options.from);
printChecks([...report.results, ...report.growth].flatMap(({ checks }) => checks));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
const failed = [...report.results, ...report.growth].filter((one) => one.failed === true).map(({ name }) => name);
if (failed.length > 0) {
  const kept = options.docs ? '; docs/benchmark.md stays as it was' : '';
  console.error(`\nbench: rows failed (${failed.join(', ')})${kept}; correct the errors above and run again`);
  process.exitCode = 1;
} else if (options.docs) writeDocs(report, earlier);
process.exit();
