import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesBelow } from '../prepare.mjs';
import { mochaCommand } from './mocha-command.mjs';

/** Folders of spec/ that do not belong to the stage `spec`. */
const APART = ['kernel', 'budgets', 'package', 'examples', 'docs', 'vm'];

const specsIn = (...folders) => filesBelow(...folders.map((name) => join('spec', name))).filter((file) => file.endsWith('-spec.ts'));
/** Returns the specs of the stage `spec`. */
const unitSpecs = () => specsIn('').filter((file) => !APART.includes(file.split('/')[1]));

/** The jobs of the unit specs. A file belongs to the first job that its path matches; long jobs come first. */
const UNITS = {
  decoding: /^spec\/(?:families|schema|dashboard)\//,
  processes: /^spec\/native\//,
  command: /^spec\/cli\//,
  others: /^spec\//,
};

const npm = (...names) => names.map((name) => ({ name, command: ['npm', 'run', '--silent', name] }));

/** Returns the job that runs specs with mocha. `prefix` is a command that starts it; `measured` as in `mochaCommand`. */
const specs = (files, { name = 'mocha', prefix = [], measured = false } = {}) => [
  { name, command: [...prefix, ...mochaCommand(files, measured)], writesReport: true },
];

/** Makes a user who is not root the root of new namespaces. /run/netns is writable there, and nothing of the machine is touched. */
const IN_NAMESPACES = ['unshare', '--user', '--map-root-user', '--net', '--mount', 'sh', '-c'];
const SETUP = 'mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set lo up && exec "$@"';

/** Returns the command that starts a program as root in a namespace. It is empty if this user cannot have one: the specs skip. */
function asRoot() {
  if (process.getuid() === 0) return [];
  const probe = spawnSync(IN_NAMESPACES[0], [...IN_NAMESPACES.slice(1), SETUP, 'sh', 'true']);
  return probe.status === 0 ? [...IN_NAMESPACES, SETUP, 'sh'] : [];
}

const onTheKernel = (...folders) => specs(specsIn(...folders), { prefix: asRoot() });

/** The specs of spec/kernel that compare times or processor times. */
const TIMED = /^spec\/kernel\/(?:exporter\/cost|native\/ahead|receive\/back-pressure|requests\/requests)-spec/;

/** The stages of the kernel specs that measure no time, with their jobs. A file belongs to the first job that its path matches. */
const PARTS = {
  // Its coverage is not measured: lib/cli imports each command when it runs, and with it a second copy of the library. With its specs,
  // all figures would be 8 % lower.
  command: { command: /^spec\/kernel\/(?:cli|dashboard)\// },
  documents: { documents: /^spec\/kernel\/network\/(?:documents|firewall)\// },
  services: { services: /^spec\/kernel\/(?:exporter|fleet)\//, processes: /^spec\/kernel\/(?:exit-spec|integration\/)/ },
  kernel: {
    network: /^spec\/kernel\/network\//,
    families: /^spec\/kernel\/(?:families|live)\//,
    receive: /^spec\/kernel\/(?:receive|requests|write-back)\//,
    others: /^spec\/kernel\//,
  },
};

/** The last spec of a process: it checks that the kernel has not logged the requests of those before it. */
const LOG = 'spec/kernel/kernel-log-spec.ts';

/** The other kernel specs. */
const kernelSpecs = () => specsIn('kernel').filter((file) => file !== LOG);

/** Returns the jobs of a stage of kernel specs. Each job uses one processor, and waits often. */
function kernelJobs(stage) {
  const prefix = asRoot();
  const files = kernelSpecs().filter((file) => !TIMED.test(file));
  const all = Object.values(PARTS).flatMap((jobs) => Object.entries(jobs));
  const jobOf = (file) => all.find(([, path]) => path.test(file))[0];
  return Object.keys(PARTS[stage]).flatMap((name) =>
    specs([...files.filter((file) => jobOf(file) === name), LOG], { name, prefix, measured: stage !== 'command' }),
  );
}

/** Returns the jobs of the unit specs. Those of the command are not measured, as those of its stage. */
function unitJobs() {
  const jobOf = (file) => Object.entries(UNITS).find(([, path]) => path.test(file))[0];
  return Object.keys(UNITS).flatMap((name) =>
    specs(
      unitSpecs().filter((file) => jobOf(file) === name),
      { name, measured: name !== 'command' },
    ),
  );
}

/**
 * Stages that only CI runs, and `npm test -- documents api`: those that judge the whole package, and the slow ones. `npm test` takes less
 * than four minutes without them.
 */
export const CI_ONLY = ['package', 'language', 'api', 'rules', 'documents', 'services', 'command', 'examples', 'budgets'];

/** The stages of the specs that need a kernel and measure no time. */
export const KERNEL_STAGES = Object.keys(PARTS);

/**
 * The stages of `npm test`, in groups. Each function returns the jobs of its stage.
 *
 * The stages of one group share the processors; long jobs come first. A group begins when the group before it has ended, so specs that
 * measure time run alone. The budgets are processor times, sizes and counts, and share the processors with others.
 * `more` is the number of jobs at once above that of the processors: jobs that often wait leave the processors to others.
 */
export const GROUPS = [
  { more: 0, stages: { build: () => [{ name: 'build', command: [process.execPath, 'scripts/prepare.mjs'] }] } },
  {
    more: 1,
    stages: {
      spec: unitJobs,
      package: () => specs(specsIn('package')),
      // ESLint and Prettier need longer than all other checks of files: CI runs them (`check:code`, `lint:format`).
      language: () => npm('lint:language'),
      lint: () => npm('lint:tree'),
      api: () => npm('check:api'),
      rules: () => npm('rules'),
      types: () => npm('types'),
    },
  },
  {
    more: 2,
    stages: {
      documents: () => kernelJobs('documents'),
      kernel: () => kernelJobs('kernel'),
      services: () => kernelJobs('services'),
      command: () => kernelJobs('command'),
      examples: () => onTheKernel('examples', 'docs'),
      budgets: () => onTheKernel('budgets'),
    },
  },
  { more: 0, stages: { timed: () => specs([...kernelSpecs().filter((file) => TIMED.test(file)), LOG], { prefix: asRoot() }) } },
];
