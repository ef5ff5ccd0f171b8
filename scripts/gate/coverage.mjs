// `npm run coverage`: runs the stages `spec`, `kernel` and `documents` with the coverage of V8, and fails if less of lib/ is covered than .c8rc.json requires.
// With RXNETLINK_COVERAGE, the name of the folder with the coverage that `npm test` has measured, it runs no spec.
// `npm run coverage -- --raise` raises the thresholds to a point below the figures of this run. It never lowers one.
//
// Only the processes of mocha are measured. The figures are lower bounds: tsx compiles a module once for mocha's require() and once for
// import(), and c8 merges both under one URL.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
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
  const specs = [join(root, 'scripts/gate/test.mjs'), 'spec', 'kernel', 'documents'];
  return run(process.execPath, specs, { RXNETLINK_COVERAGE: folder, RXNETLINK_REPORTS: reports, RXNETLINK_TIMES: '' });
}

const raw = coverageFolder ?? join(root, thresholds['temp-directory']);
const status = coverageFolder === undefined ? await measure(raw) : 0;
const failures = status === 0 ? [] : [{ title: 'the specs pass while their coverage is measured', error: `ended with ${status}` }];
const excluded = [...thresholds.exclude, ...typesOnly].map((file) => `--exclude=${file}`);
const reported = run(process.execPath, [join(root, 'node_modules/c8/bin/c8.js'), 'report', `--temp-directory=${raw}`, ...excluded]);
if (reported !== 0) throw new Error(`c8 report ended with ${reported}`);
const { total } = JSON.parse(readFileSync(join(root, '.cache/coverage/coverage-summary.json'), 'utf8'));
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
