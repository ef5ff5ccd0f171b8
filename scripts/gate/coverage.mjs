// `npm run coverage`: runs the unit specs, and those of lib/network on the kernel, with c8 and fails if less of lib/ is covered than .c8rc.json requires.
// `npm run coverage -- --raise` raises the thresholds to a point below the figures of this run. It never lowers one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { build, filesBelow, root } from '../prepare.mjs';
import { networkSpecs, unitSpecs } from './stages.mjs';

/** The specs of other processes and of unusual machines cover some lines only in some runs. */
const MARGIN = 1;
const METRICS = ['lines', 'branches', 'functions'];

/** Files that hold only types: no line of them ever runs. */
const typesOnly = filesBelow('lib').filter(
  (file) => file.endsWith('.ts') && transformSync(readFileSync(join(root, file), 'utf8'), { loader: 'ts' }).code.trim() === '',
);
const settings = join(root, '.c8rc.json');
const thresholds = JSON.parse(readFileSync(settings, 'utf8'));
// The stage `spec` reports these specs to the gate.
const { RXNETLINK_REPORT: report, ...env } = process.env;
await build();
/*
 * Only the process of the specs is measured, not the processes that it starts: their number depends on the machine. `--no-config` keeps
 * mocha from starting another process. With coverage the process does not end by itself, hence `--exit`.
 *
 * The figures are lower bounds: tsx compiles a module once for mocha's require() and once for import(), and c8 merges both under one URL.
 * lib/cli imports each command when it runs, and with it a second copy of the library: with its specs, all figures would be 8 % lower.
 */
const alone = ['--import', 'data:text/javascript,delete process.env.NODE_V8_COVERAGE'];
const options = (process.env.MOCHA_OPTIONS ?? '').split(' ').filter((option) => option !== '');
const reporter = ['--reporter', 'scripts/gate/reporter.cjs'];
const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--exit', '--forbid-only', '--timeout', '30000', ...reporter, ...options];
/** The report of the specs; this stage reports only that they failed. */
const results = join(root, '.cache/coverage-specs.json');
rmSync(results, { force: true });
const { status } = spawnSync(
  join(root, 'node_modules/.bin/c8'),
  [
    ...[...thresholds.exclude, ...typesOnly].map((file) => `--exclude=${file}`),
    process.execPath,
    '--import',
    'tsx',
    ...alone,
    ...mocha,
    ...unitSpecs().filter((file) => !file.startsWith('spec/cli/')),
    ...networkSpecs(),
  ],
  { cwd: root, env: { ...env, RXNETLINK_REPORT: results }, stdio: ['ignore', 'inherit', 'inherit'] },
);
const { total } = JSON.parse(readFileSync(join(root, '.cache/coverage/coverage-summary.json'), 'utf8'));
const { failures: failed = [], retries = [] } = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {};
const titles = failed.map(({ title }) => title).join('; ');
const failures = status === 0 ? [] : [{ title: 'the unit specs pass with c8', error: `c8 ended with ${status}; failed: ${titles}` }];
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
  writeFileSync(report, `${JSON.stringify({ passed, failed: failures.length, skipped: 0, failures, retries, skips: [] }, null, 2)}\n`);
}
if (process.argv.includes('--raise') && failures.length === 0) {
  const raised = METRICS.map((metric) => [metric, Math.max(thresholds[metric], Math.floor(total[metric].pct - MARGIN))]);
  writeFileSync(settings, `${JSON.stringify({ ...thresholds, ...Object.fromEntries(raised) }, null, 2)}\n`);
}
process.exitCode = failures.length === 0 ? 0 : 1;
