// `npm test`: runs the stages of scripts/gate/stages.mjs and stops after the first that fails. `npm test -- types spec` runs only those.
// With RXNETLINK_ALL_STAGES it also runs the stages of CI, which take another five minutes.
// Specs that need something this machine lacks are skipped; the last lines count the skips by their reason.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from '../prepare.mjs';
import { reportFault } from './reports/report-fault.mjs';
import { JobQueue } from './run-jobs.mjs';
import { describeSkips, readReports, skipsIn } from './reports/skips.mjs';
import { CI_ONLY, GROUPS } from './stages.mjs';

const reports = process.env.RXNETLINK_REPORTS ?? join(root, '.cache/reports');

/** More jobs at once need more memory than many machines have. */
const width = Math.min(availableParallelism(), 4);

/** Counts a stage as one failure, unless its reports count the specs that failed. */
function countFailure(name, files) {
  if (files.some((file) => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).failed > 0)) return;
  writeFileSync(join(reports, `${name}.failed.json`), JSON.stringify({ passed: 0, failed: 1, skipped: 0 }));
}

/** Runs the jobs of a stage and prints their output when all have ended; returns true if the stage passed. */
async function runStage(queue, name, jobs) {
  const began = performance.now();
  const reportOf = (job) => join(reports, `${name}.${job.name.replaceAll(/\W/g, '-')}.json`);
  // A job of specs may end early with exit code 0.
  const check = (job) => (job.writesReport === true ? reportFault(reportOf(job)) : undefined);
  const run = (job) => queue.run(job.command, { ...process.env, RXNETLINK_REPORT: reportOf(job) }, () => check(job));
  const results = await Promise.all(jobs.map(async (job) => ({ ...job, ...(await run(job)) })));
  const started = results.filter(({ output }) => output !== undefined);
  const faults = started.flatMap(({ name, fault }) => (fault === undefined ? [] : [`${name}: ${fault}`]));
  if (faults.length > 0) countFailure(name, jobs.map(reportOf));
  const text = started.map(({ output }) => output).join('');
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const result = faults.length > 0 ? `FAILED (${faults.join(', ')})` : started.length < jobs.length ? 'not run' : 'passed';
  console.log(`\n== ${name}\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}-- ${name}: ${result}, ${seconds} s`);
  if (process.env.RXNETLINK_TIMES) appendFileSync(process.env.RXNETLINK_TIMES, `${name}\t${seconds}\n`);
  return result === 'passed';
}

/** Runs the stages of a group at the same time; returns true if all passed. */
async function runGroup(stages, atOnce) {
  if (stages.length === 0) return true;
  console.log(`\n.. ${stages.map(([name]) => name).join(', ')}${stages.length > 1 && atOnce > 1 ? ` (${atOnce} jobs at once)` : ''}`);
  const queue = new JobQueue(atOnce);
  const passed = await Promise.all(stages.map(([name, jobsOf]) => runStage(queue, name, jobsOf())));
  return passed.every(Boolean);
}

const wanted = process.argv.slice(2);
const names = GROUPS.flatMap(({ stages }) => Object.keys(stages));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`rxnetlink: test: unknown stage (${unknown.join(', ')}); expected ${names.join(', ')}`);
  process.exit(2);
}
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const began = performance.now();
let ok = true;
const isChosen = (name) => (wanted.length > 0 ? wanted.includes(name) : process.env.RXNETLINK_ALL_STAGES || !CI_ONLY.includes(name));
for (const { more, stages } of GROUPS) {
  const chosen = Object.entries(stages).filter(([name]) => isChosen(name));
  ok &&= await runGroup(chosen, width > 1 ? width + more : width);
}
const left = names.filter((name) => !isChosen(name));
if (wanted.length === 0 && left.length > 0)
  console.log(`\nnot run: ${left.join(', ')}; \`RXNETLINK_ALL_STAGES=1 npm test\` runs all, as CI does`);
const skips = describeSkips(skipsIn(readReports(reports)));
if (skips.length > 0) console.log(`\n${skips.join('\n')}`);
console.log(`\n${ok ? 'passed' : 'FAILED'}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
process.exitCode = ok ? 0 : 1;
