import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesBelow, root } from '../prepare.mjs';

const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

/** Folders of spec/ that do not belong to the stage `spec`. */
const APART = ['kernel', 'budgets', 'package', 'examples', 'docs', 'vm'];

const specsIn = (...folders) => filesBelow(...folders.map((name) => join('spec', name))).filter((file) => file.endsWith('-spec.ts'));
/** The specs of lib/network on the kernel: almost all of that room is a translation that only the kernel can judge. */
export const networkSpecs = () => specsIn('kernel/network');

/** Returns the specs of the stage `spec`. */
export const unitSpecs = () => specsIn('').filter((file) => !APART.includes(file.split('/')[1]));

const npm = (...names) => names.map((name) => ({ name, command: ['npm', 'run', '--silent', name] }));

/** Returns the job that runs specs with mocha. `prefix` is a command that starts it. */
const specs = (files, { name = 'mocha', prefix = [] } = {}) => [
  { name, command: [...prefix, process.execPath, mocha, '--forbid-only', ...files], writesReport: true },
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
const TIMED = /^spec\/kernel\/(?:native\/ahead|receive\/back-pressure|requests\/requests)-spec/;

/** Two folders of spec/kernel need about a third of the time of all, each. */
const THIRDS = { families: /^spec\/kernel\/(?:families|live)\b/, network: /^spec\/kernel\/network\b/ };

/** The last spec of a process: it checks that the kernel has not logged the requests of those before it. */
const LOG = 'spec/kernel/kernel-log-spec.ts';

/** The other kernel specs. */
const kernelSpecs = () => specsIn('kernel').filter((file) => file !== LOG);

/** Returns three jobs for the kernel specs that measure no time. Each job uses one processor, and waits often. */
function kernelThirds() {
  const prefix = asRoot();
  const files = kernelSpecs().filter((file) => !TIMED.test(file));
  const others = files.filter((file) => !Object.values(THIRDS).some((third) => third.test(file)));
  const thirds = Object.entries(THIRDS).map(([name, third]) => [name, files.filter((file) => third.test(file))]);
  return [...thirds, ['others', others]].flatMap(([name, list]) => specs([...list, LOG], { name, prefix }));
}

/** The stages whose jobs wait for a fourth of their time: one more job than processors. */
export const WAITING = {
  kernel: kernelThirds,
  examples: () => onTheKernel('examples', 'docs'),
  budgets: () => onTheKernel('budgets'),
};

/**
 * The stages of `npm test`. Each function returns the jobs of its stage.
 *
 * The stages of one group share the processors; long jobs come first. A group begins when the group before it has ended, so specs that
 * measure time run alone. The budgets are processor times, sizes and counts, and share the processors with others.
 */
export const GROUPS = [
  { build: () => [{ name: 'build', command: [process.execPath, 'scripts/prepare.mjs'] }] },
  {
    code: () => npm('check:code'),
    package: () => specs(specsIn('package')),
    spec: () => specs(unitSpecs()),
    lint: () => npm('lint:format', 'lint:language', 'lint:tree'),
    portable: () => npm('types:portable'),
    rules: () => npm('rules'),
    api: () => npm('check:api'),
  },
  WAITING,
  {
    timed: () => specs([...kernelSpecs().filter((file) => TIMED.test(file)), LOG], { prefix: asRoot() }),
  },
];
