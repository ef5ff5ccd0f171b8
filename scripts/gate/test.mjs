// `npm test`: everything that must hold, stage by stage, stopping at the first that does not. `npm test -- types spec` runs only those.
// What this machine lacks is skipped; the last lines count the skips by their reason.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, filesBelow, root } from '../prepare.mjs';
import { describeSkips, readReports, skipsIn } from './skips.mjs';

const reports = process.env.RXNETLINK_REPORTS ?? join(root, '.cache/reports');
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

/** Rooms of spec/ that the stage `spec` leaves to others. */
const APART = ['kernel', 'budgets', 'package', 'examples', 'docs', 'vm'];

const specsIn = (...folders) => filesBelow(...folders.map((name) => join('spec', name))).filter((file) => file.endsWith('-spec.ts'));
const npm = (...args) => ['npm', ['run', '--silent', ...args]];

/** Mocha over the given specs; undefined where there are none. */
const specs = (files, prefix = []) => {
  if (files.length === 0) return undefined;
  const [command, ...args] = [...prefix, process.execPath, mocha, '--forbid-only', ...files];
  return [command, args];
};

/*
 * Not root: become root in namespaces of our own, where /run/netns is writable and nothing of the machine's is touched.
 */
const IN_NAMESPACES = ['unshare', '--user', '--map-root-user', '--net', '--mount', 'sh', '-c'];
const SETUP = 'mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set lo up && exec "$@"';

/** The words before a command that needs root in a namespace; none if this user can have no namespace: its specs are skipped. */
function asRoot() {
  if (process.getuid() === 0) return [];
  const probe = spawnSync(IN_NAMESPACES[0], [...IN_NAMESPACES.slice(1), SETUP, 'sh', 'true']);
  return probe.status === 0 ? [...IN_NAMESPACES, SETUP, 'sh'] : [];
}

/** Specs that talk to the running kernel. */
const onTheKernel = (files) => specs(files, asRoot());

const STAGES = {
  build: () => build(),
  types: () => npm('types'),
  lint: () => npm('lint'),
  rules: () => npm('rules'),
  api: () => npm('check:api'),
  spec: () => specs(specsIn('').filter((file) => !APART.includes(file.split('/')[1]))),
  package: () => specs(specsIn('package')),
  kernel: () => onTheKernel(specsIn('kernel')),
  budgets: () => onTheKernel(specsIn('budgets')),
  examples: () => onTheKernel(specsIn('examples', 'docs')),
};

function leaveReport(name, report) {
  writeFileSync(join(reports, `${name}.json`), JSON.stringify(report));
}

/** Runs one stage; returns true if it passed. */
function run(name) {
  const began = performance.now();
  console.log(`\n== ${name}`);
  const end = (word) => console.log(`-- ${name}: ${word}, ${((performance.now() - began) / 1000).toFixed(1)} s`);

  const command = STAGES[name]();
  if (command === undefined) return (end('done'), true);
  const report = join(reports, `${name}.mocha.json`);
  const { status, signal, error } = spawnSync(...command, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, RXNETLINK_REPORT: report },
  });
  if (status === 0) return (end('passed'), true);
  // Specs that failed are counted in mocha's own report; anything else counts as one failure.
  if (!countsFailures(report)) leaveReport(`${name}.failed`, { passed: 0, failed: 1, skipped: 0 });
  return (end(`FAILED (${error?.message ?? signal ?? `exit code ${status}`})`), false);
}

function countsFailures(report) {
  return existsSync(report) && JSON.parse(readFileSync(report, 'utf8')).failed > 0;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STAGES));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const ok = Object.keys(STAGES)
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .every(run);
const skips = describeSkips(skipsIn(readReports(reports)));
if (skips.length > 0) console.log(`\n${skips.join('\n')}`);
process.exitCode = ok ? 0 : 1;
