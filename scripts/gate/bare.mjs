// `npm run test:bare`: runs the stages that need a kernel on three simulated machines that lack something. All three must pass, and
// must count and name the skipped specs. `npm run test:bare -- programs` runs one of them.
//
// The reports of these runs stay in .cache/bare, so the gate does not count their skips.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../prepare.mjs';
import { packagesOf } from './programs.mjs';
import { KERNEL_STAGES } from './stages.mjs';
import { describeSkips, missingPrograms, readReports, skipsIn } from './reports/skips.mjs';

const FOLDER = join(root, '.cache/bare');
const REPORT = process.env.RXNETLINK_REPORT ?? join(root, '.cache/reports/bare.json');

const WRITERS = ['nft', 'ethtool', 'conntrack', 'tcpdump', 'tshark', 'bridge', 'tc'];
const NAMESPACES = ['ip', 'unshare', 'nsenter', 'strace'];
/** Becomes root of a user namespace that cannot have further network namespaces, as in a container. */
const CONTAINER = ['unshare', '--user', '--map-root-user', '--net', 'sh', '-c'];
const FORBID = 'ip link set lo up && echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"';

const MACHINES = {
  programs: {
    lacks: WRITERS,
    stages: [...KERNEL_STAGES, 'timed', 'examples'],
    // tcpdump and tshark are used by specs that need no kernel.
    named: ['nft', 'ethtool', 'conntrack', 'bridge', 'tc'],
    passes: 300,
  },
  'network-programs': {
    lacks: [...WRITERS, ...NAMESPACES],
    stages: [...KERNEL_STAGES, 'timed', 'budgets', 'examples', 'package'],
    named: ['ip', 'unshare', 'nsenter'],
    passes: 20,
  },
  'no-namespaces': {
    lacks: [],
    prefix: [...CONTAINER, FORBID, 'sh'],
    stages: [...KERNEL_STAGES, 'timed', 'examples'],
    named: [],
    reason: /^network namespaces cannot be made here: /,
    passes: 20,
  },
};

/** Makes a folder of links to all programs in the PATH except some. */
function pathWithout(programs, folder) {
  mkdirSync(folder, { recursive: true });
  const names = new Set(programs);
  for (const place of process.env.PATH.split(delimiter)) {
    for (const name of listOf(place)) {
      if (names.has(name)) continue;
      names.add(name);
      symlinkSync(join(place, name), join(folder, name));
    }
  }
  return folder;
}

/** Returns the names in a folder of the PATH, which may not exist. */
function listOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Runs the stages on a machine; resolves with the exit code, the output and the reports. */
async function runOn(name, { lacks, stages, prefix = [] }) {
  const folder = join(FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const reports = join(folder, 'reports');
  const env = { MOCHA_OPTIONS: '--retries=1', ...process.env, RXNETLINK_REPORTS: reports, RXNETLINK_TIMES: '' };
  if (lacks.length > 0) env.PATH = pathWithout(lacks, join(folder, 'bin'));
  const log = join(folder, 'output');
  const output = openSync(log, 'w');
  const [command, ...args] = [...prefix, process.execPath, join(root, 'scripts/gate/test.mjs'), ...stages];
  const began = performance.now();
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', output, output] });
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status, signal) => resolve(signal ?? status));
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return { code, seconds, log, output: readFileSync(log, 'utf8'), reports: readReports(reports) };
}

const sum = (reports, key) => reports.reduce((total, report) => total + report[key], 0);

/** Checks a run. Each check has the text of its fault, which is empty if there is none. */
function checksOf({ lacks, named, reason, passes }, { code, log, output, reports }) {
  const skips = skipsIn(reports);
  const programs = missingPrograms(skips);
  const last = output.slice(-4000);
  const failures = reports.flatMap(({ failures = [] }) => failures.map(({ title }) => title));
  const unnamed = named.filter((name) => !programs.includes(name));
  const others = programs.filter((name) => !lacks.includes(name));
  const packages = [...new Set(lacks.flatMap(packagesOf))];
  const command = /apt-get install (.*)/.exec(last)?.[1].split(' ') ?? [];
  const uninstalled = packages.filter((name) => !command.includes(name));
  const passed = sum(reports, 'passed');
  return {
    'is green': code === 0 ? '' : `ended with ${code}, see ${log}; failed: ${failures.join('; ')}`,
    'still passes what it can': passed >= passes ? '' : `${passed} passed, expected at least ${passes}`,
    'counts what it skips': sum(reports, 'skipped') === skips.length && last.includes(`skipped: ${skips.length}\n`) ? '' : last,
    'names the programs it lacks': unnamed.length === 0 ? '' : `no skip names ${unnamed.join(', ')}`,
    'skips for nothing else that is a program': others.length === 0 ? '' : `skipped for ${others.join(', ')}`,
    'gives the command that installs them':
      uninstalled.length === 0 ? '' : `${uninstalled.join(', ')} is not in: apt-get install ${command.join(' ')}`,
    'names the reason': reason === undefined || skips.some((skip) => reason.test(skip.reason)) ? '' : `no reason matches ${reason}`,
  };
}

async function check(name) {
  const machine = MACHINES[name];
  const run = await runOn(name, machine);
  console.log(`\n-- ${name}: ${sum(run.reports, 'passed')} passed, ${sum(run.reports, 'failed')} failed, ${run.seconds} s`);
  console.log(describeSkips(skipsIn(run.reports)).join('\n'));
  const results = Object.entries(checksOf(machine, run)).map(([what, error]) => ({ title: `test:bare ${name} ${what}`, error }));
  // The stages of kernel specs have the same specs on each machine: a spec that does not run must be skipped by name.
  const kernel = run.reports.filter(({ stage }) => stage === 'timed' || KERNEL_STAGES.includes(stage));
  return { results, specs: sum(kernel, 'passed') + sum(kernel, 'failed') + sum(kernel, 'skipped') };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in MACHINES));
if (unknown.length > 0) {
  console.error(`rxnetlink: test:bare: unknown machine (${unknown.join(', ')}); expected ${Object.keys(MACHINES).join(', ')}`);
  process.exit(2);
}
const names = Object.keys(MACHINES).filter((name) => wanted.length === 0 || wanted.includes(name));
// Some specs measure time on the machine without programs, which is alone for that. The others skip most specs.
const checked = [];
for (const together of [names.filter((name) => name === 'programs'), names.filter((name) => name !== 'programs')])
  checked.push(...(await Promise.all(together.map(check))));
const counts = new Set(checked.map(({ specs }) => specs));
const results = [
  ...checked.flatMap(({ results }) => results),
  { title: 'test:bare has the same specs on each machine', error: counts.size === 1 ? '' : `their numbers are ${[...counts].join(', ')}` },
];
const failures = results.filter(({ error }) => error !== '');
for (const { title, error } of failures) console.log(`failed: ${title}: ${error}`);
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(
  REPORT,
  JSON.stringify({ passed: results.length - failures.length, failed: failures.length, skipped: 0, failures, skips: [] }, null, 2),
);
process.exitCode = failures.length === 0 ? 0 : 1;
