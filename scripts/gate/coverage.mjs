// `npm run coverage`: runs the stages `spec`, `kernel`, `documents` and `services` with the coverage of V8, and fails if less of lib/ is covered than .c8rc.json requires.
// With RXNETLINK_COVERAGE, the name of the folder with the coverage that `npm test` has measured, it runs no spec.
// `npm run coverage -- --raise` raises the thresholds to a point below the figures of this run. It never lowers one.
//
// Only the processes of mocha are measured. The figures are lower bounds: tsx compiles a module once for mocha's require() and once for
// import(), and c8 merges both under one URL. For the same reason, each process has a report of its own, and their lines are merged.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import coverage from 'istanbul-lib-coverage';
import { build, filesBelow, root } from '../prepare.mjs';
import { coverageFolder } from './mocha-command.mjs';

/** The specs of other processes and of unusual machines cover some lines only in some runs. */
const MARGIN = 1;
const METRICS = ['lines', 'branches', 'functions'];

/** Files that hold only types: no line of them ever runs. */
const typesOnly = filesBelow('lib').filter(
  (file) => file.endsWith('.ts') && transformSync(readFileSync(join(root, file), 'utf8'), { loader: 'ts' }).code.trim() === '',
);
const settings = join(root, '.c8rc.json');
const thresholds = JSON.parse(readFileSync(settings, 'utf8'));
const { RXNETLINK_REPORT: report, ...env } = process.env;
const run = (command, args, more = {}) =>
  spawnSync(command, args, { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'inherit', 'inherit'] }).status;

/** Runs the specs; returns the exit code. */
async function measure(folder) {
  await build();
  rmSync(folder, { recursive: true, force: true });
  const reports = join(root, '.cache/coverage-reports');
  const specs = [join(root, 'scripts/gate/test.mjs'), 'spec', 'kernel', 'documents', 'services'];
  return run(process.execPath, specs, { RXNETLINK_COVERAGE: folder, RXNETLINK_REPORTS: reports, RXNETLINK_TIMES: '' });
}

/** Returns the files of V8 by the process that wrote them: one for each thread. */
function byProcess() {
  const files = new Map();
  for (const file of readdirSync(raw)) {
    const process = file.split('-')[1];
    files.set(process, [...(files.get(process) ?? []), file]);
  }
  return files;
}

/** Returns the coverage of one process, by the lines of the sources. */
function reportOf(process, files) {
  const folder = join(root, '.cache/coverage', process);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'raw'), { recursive: true });
  for (const file of files) symlinkSync(join(raw, file), join(folder, 'raw', file));
  const places = [`--temp-directory=${join(folder, 'raw')}`, `--reports-dir=${folder}`, '--reporter=json'];
  const status = run(globalThis.process.execPath, [join(root, 'node_modules/c8/bin/c8.js'), 'report', ...places, ...excluded]);
  if (status !== 0) throw new Error(`c8 report ended with ${status}`);
  return JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8'));
}

/** Prints the covered lines of each folder, the least covered first. */
function printFolders() {
  const folders = new Map();
  for (const file of merged.files()) {
    const folder = relative(root, dirname(file));
    const { lines } = merged.fileCoverageFor(file).toSummary();
    const sum = folders.get(folder) ?? { covered: 0, total: 0 };
    folders.set(folder, { covered: sum.covered + lines.covered, total: sum.total + lines.total });
  }
  const parts = [...folders].map(([folder, { covered, total: all }]) => [folder, all === 0 ? 100 : (100 * covered) / all]);
  for (const [folder, percent] of parts.sort((one, other) => one[1] - other[1]))
    console.log(`${percent.toFixed(1).padStart(6)} %  ${folder}`);
}

const raw = coverageFolder ?? join(root, thresholds['temp-directory']);
const status = coverageFolder === undefined ? await measure(raw) : 0;
const failures = status === 0 ? [] : [{ title: 'the specs pass while their coverage is measured', error: `ended with ${status}` }];
const excluded = [...thresholds.exclude, ...typesOnly].map((file) => `--exclude=${file}`);
const merged = coverage.createCoverageMap({});
for (const [process, files] of byProcess()) merged.merge(reportOf(process, files));
const total = merged.getCoverageSummary();
printFolders();
for (const metric of METRICS) {
  const { pct: percent } = total[metric];
  console.log(`${metric}: ${percent} %, at least ${thresholds[metric]} %`);
  if (percent < thresholds[metric]) {
    failures.push({
      title: `coverage of ${metric}`,
      error: `${percent} % are covered; expected at least ${thresholds[metric]} %; add specs`,
    });
  }
}
for (const { title, error } of failures) console.log(`failed: ${title}: ${error}`);
if (report !== undefined) {
  mkdirSync(dirname(report), { recursive: true });
  const passed = METRICS.length + 1 - failures.length;
  writeFileSync(report, `${JSON.stringify({ passed, failed: failures.length, skipped: 0, failures, skips: [] }, null, 2)}\n`);
}
if (process.argv.includes('--raise') && failures.length === 0) {
  const raised = METRICS.map((metric) => [metric, Math.max(thresholds[metric], Math.floor(total[metric].pct - MARGIN))]);
  writeFileSync(settings, `${JSON.stringify({ ...thresholds, ...Object.fromEntries(raised) }, null, 2)}\n`);
}
process.exitCode = failures.length === 0 ? 0 : 1;
