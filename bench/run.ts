/*
 * `npm run bench`: what the library costs beside a C program that does the same receiving, and beside other programs, in one run on
 * one machine. It works in namespaces and a folder of its own, and leaves none of them behind.
 *
 *   --only a,b     these rows only: raw typed list sequential writes storm filter pool heap kept, and growth (or growth-routes ...)
 *   --routes N     routes in the namespace (200000)
 *   --runs N       runs of each that count (9)
 *   --requests N   requests of a sequential run (20000)
 *   --events N     route events of a storm (200000)
 *   --writes N     routes written in a run (40000)
 *   --no-peers     the C programs only
 *   --json FILE    the figures as JSON, too
 *   --docs         everything, and into docs/benchmark.md
 *   --from FILE    nothing is measured: the figures come from that JSON
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Bench } from './bench.js';
import { writeDocs } from './docs.js';
import { growthRows } from './growth/list.js';
import { describeMachine } from './support/machine.js';
import { readOptions, type Options } from './support/options.js';
import { buildSubjects } from './support/programs.js';
import { printChecks, printGrowth, printMachine, printResult } from './support/report.js';
import type { Growth, Report, Result } from './support/result.js';
import { rows } from './rows/list.js';

async function measure(options: Options): Promise<Report> {
  await buildSubjects();
  const machine = describeMachine();
  printMachine(machine);
  const bench = new Bench(options);
  const results: Result[] = [];
  for (const row of rows.filter(({ name }) => wanted(options, name, true))) {
    const result = await row.measure(bench);
    printResult(result);
    results.push(result);
  }
  const growth: Growth[] = [];
  for (const row of growthRows.filter(({ name }) => wanted(options, name, options.docs))) {
    const grown = await row.measure(bench);
    printGrowth(grown);
    growth.push(grown);
  }
  return { machine, results, growth };
}

/** Whether a row is to be measured; `usual` says whether it is where nothing was chosen. */
function wanted({ only }: Options, name: string, usual: boolean): boolean {
  if (only.length === 0) return usual;
  return only.includes(name) || (name.startsWith('growth-') && only.includes('growth'));
}

function checkNames({ only }: Options): void {
  const names = [...rows, ...growthRows].map(({ name }) => name);
  const unknown = only.filter((name) => name !== 'growth' && !names.includes(name));
  if (unknown.length > 0) throw new RangeError(`--only: there is no ${unknown.join(', ')}; there are ${names.join(', ')}`);
}

const options = readOptions(process.argv.slice(2));
checkNames(options);
const report = options.from === undefined ? await measure(options) : (JSON.parse(readFileSync(options.from, 'utf8')) as Report);
printChecks([...report.results, ...report.growth].flatMap(({ checks }) => checks));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.docs) writeDocs(report);
process.exit();
