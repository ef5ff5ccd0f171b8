/*
 * `npm run bench:documents`: measures `apply` and `plan` of a document of 200 links, 2,000 addresses and 20,000 routes beside
 * `ip -batch`, and beside the reading of the same tables; and `apply` of a set of the firewall of which 5 of 20,000 elements differ. Each
 * apply is measured twice: in a new process, and in a process that has applied the document in other namespaces before, so that V8 has
 * compiled the functions. Figures are processor time, user and system, and the delay of the event loop.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runIp } from './network/compare.js';
import { digits, figuresOf } from './support/figures.js';
import { command, deleteNamespace, makeNamespace, ownFolder } from './support/place.js';
import { buildSubjects, subject } from './support/programs.js';

const LINKS = 200;
const ADDRESSES = 10;
const ROUTES = 100;
const RUNS = 5;
const ELEMENTS = 20_000;
/** The number of namespaces in which a process applies the document before it is measured. */
const EARLIER = 5;

interface Figures {
  readonly cpu: number;
  readonly p99: number;
  readonly longest: number;
  readonly written?: number;
}

interface Scene {
  readonly links: readonly object[];
  readonly routes: readonly object[];
  /** The commands of `ip` that make the same. */
  readonly lines: readonly string[];
}

/** Returns bridges with half of their addresses and a fifth of their routes of IPv6. */
function makeScene(): Scene {
  const links: object[] = [];
  const routes: object[] = [];
  const lines: string[] = [];
  for (let link = 0; link < LINKS; link++) {
    const name = `d${link}`;
    lines.push(`link add ${name} type bridge`, `link set ${name} up`);
    const addresses = Array.from({ length: ADDRESSES }, (_, index) =>
      index % 2 === 0 ? `10.${link}.${index}.1/24` : { address: `fd00:${link.toString(16)}:${index}::1/64`, noDad: true },
    );
    for (const each of addresses)
      lines.push(typeof each === 'string' ? `address add ${each} dev ${name}` : `address add ${each.address} dev ${name} nodad`);
    links.push({ name, kind: 'bridge', up: true, addresses });
    for (let index = 0; index < ROUTES; index++) {
      const [to, via] =
        index % 5 > 0
          ? [`11.${link}.${index}.0/24`, `10.${link}.${(index % 5) * 2}.2`]
          : [`fd01:${link.toString(16)}:${index}::/64`, `fd00:${link.toString(16)}:${(index % 2) * 2 + 1}::2`];
      routes.push({ to, via });
      lines.push(`route add ${to} via ${via} proto static`);
    }
  }
  return { links, routes, lines };
}

/** Returns a document of a set of addresses. @param first - The number of the first address; those of two sets differ at the ends. */
function setOf(first: number, count: number): object {
  const elements = Array.from({ length: count }, (_, index) => `10.${(first + index) >> 8}.${(first + index) & 0xff}.1`);
  return { version: 1, firewall: { tables: [{ family: 'inet', name: 'bench', sets: [{ name: 's', type: 'ipv4_addr', elements }] }] } };
}

function write(name: string, content: string): string {
  const file = join(ownFolder(), name);
  writeFileSync(file, content);
  return file;
}

await buildSubjects();
const { links, routes, lines } = makeScene();
const document = write('document.json', JSON.stringify({ version: 1, links, routes }));
const batch = write('batch', `${lines.join('\n')}\n`);

const whole = write('set.json', JSON.stringify(setOf(0, ELEMENTS)));
const changed = write('changed.json', JSON.stringify(setOf(2, ELEMENTS + 1)));

const run = (namespace: string, mode: string, file = document, others: readonly string[] = []): Figures =>
  JSON.parse(command('ip', 'netns', 'exec', namespace, ...subject('documents/apply', [mode, file, ...others]))) as Figures;

/** Runs the first and the second apply, and the reading, each in a process that has applied the document in other namespaces before. */
function runAgain(round: number): Readonly<Record<'first' | 'second' | 'list', Figures>> {
  const [measured, ...earlier] = Array.from({ length: EARLIER + 1 }, (_, index) => makeNamespace(`again-${round}-${index}`));
  const paths = earlier.map((name) => `/run/netns/${name}`);
  const [first, second, list] = ['apply', 'apply', 'list'].map((mode) => run(measured!, mode, document, paths)) as [
    Figures,
    Figures,
    Figures,
  ];
  for (const name of [measured!, ...earlier]) deleteNamespace(name);
  return { first, second, list };
}

const rounds = Array.from({ length: RUNS }, (_, round) => {
  const [own, other] = [makeNamespace(`apply-${round}`), makeNamespace(`ip-${round}`)];
  const ip = runIp(other, '-batch', batch);
  deleteNamespace(other);
  const first = run(own, 'apply');
  const [list, second, plan] = ['list', 'apply', 'plan'].map((mode) => run(own, mode)) as [Figures, Figures, Figures];
  deleteNamespace(own);
  const again = runAgain(round);
  const sets = makeNamespace(`set-${round}`);
  run(sets, 'apply', whole);
  const elements = { list: run(sets, 'firewall'), apply: run(sets, 'apply', changed) };
  deleteNamespace(sets);
  return { elements, ip: { ...ip, p99: 0, longest: 0 }, first, again, list, second, plan };
});

const median = (of: (round: (typeof rounds)[number]) => number): string => digits(figuresOf(rounds.map(of)).median);
console.log(`first apply, cpu: ${median(({ first }) => first.cpu)} ms, ip ${median(({ ip }) => ip.cpu)} ms`);
console.log(`first apply: ${median(({ first, ip }) => first.cpu / ip.cpu)} x the processor time of ip`);
console.log(
  `first apply by a process that has applied it ${EARLIER} times: ${median(({ again, ip }) => again.first.cpu / ip.cpu)} x that of ip`,
);
console.log(`second apply, cpu: ${median(({ second }) => second.cpu)} ms, reading alone ${median(({ list }) => list.cpu)} ms`);
console.log(`second apply: ${median(({ second, list }) => second.cpu / list.cpu)} x that of reading, ${rounds[0]!.second.written} writes`);
console.log(`second apply by such a process: ${median(({ again }) => again.second.cpu / again.list.cpu)} x that of reading`);
for (const mode of ['list', 'plan', 'second', 'first'] as const) {
  const [p99, longest] = [median((round) => round[mode].p99), median((round) => round[mode].longest)];
  console.log(`event loop during ${mode}: p99 ${p99} ms, longest ${longest} ms`);
}
const [{ elements: replaced }] = rounds as [(typeof rounds)[number]];
console.log(`a set of ${ELEMENTS} elements, ${replaced.apply.written} written, cpu: ${median(({ elements }) => elements.apply.cpu)} ms`);
console.log(`the same: ${median(({ elements }) => elements.apply.cpu / elements.list.cpu)} x that of reading it`);
process.exit();
