/*
 * `npm run bench:live`: what live collections cost: reading many routes beside a C program that only receives them, what they
 * weigh, what one change costs among them, and what a process costs that watches and has nothing to do.
 *
 *   --routes N     routes in the namespace (200000)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Contender, race } from './contender.js';
import { command, deleteNamespace, makeRoutes } from './namespace.js';

const { values } = parseArgs({ options: { routes: { type: 'string', default: '200000' } } });
const here = import.meta.dirname;
const namespace = `rxnl-bench-${process.pid}`;
const root = join(here, '..');
// Where it finds the package by its own name.
const cache = join(root, '.cache/bench');
const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-bench-'));
process.once('exit', () => {
  deleteNamespace(namespace);
  rmSync(folder, { recursive: true, force: true });
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Runs the subject on the built package, without anything that translates it on the way. */
function subject<Figures>(mode: string): Figures {
  const script = join(cache, 'subject.mjs');
  const args = ['netns', 'exec', namespace, process.execPath, '--expose-gc', script, mode];
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8', cwd: root });
  if (status !== 0) throw new Error(`${mode}: ${stderr}`);
  return JSON.parse(stdout) as Figures;
}

command('npm', 'run', '--silent', 'build:ts');
command('npx', 'esbuild', join(here, 'live-subject.ts'), '--format=esm', `--outfile=${join(cache, 'subject.mjs')}`, '--log-level=error');

interface Rest {
  readonly wakeUps: number;
  readonly resident: number;
}
interface Sync {
  readonly count: number;
  readonly sync: number;
  readonly bytes: number;
  readonly change: number;
}

command('ip', 'netns', 'add', namespace);
const bare = subject<Rest>('bare');
const idle = subject<Rest>('idle');
deleteNamespace(namespace);
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
console.log(`bare node with rxjs      ${mebibytes(bare.resident)}, ${String(bare.wakeUps)} wake-ups in 3 s`);
console.log(`watching four tables     ${mebibytes(idle.resident)}, ${String(idle.wakeUps)} wake-ups in 3 s`);

const floor = join(folder, 'floor');
command('gcc', '-O2', '-Wall', '-Wextra', '-o', floor, join(here, 'floor.c'));
makeRoutes(namespace, Number(values.routes), folder);
const contender = new Contender('C', namespace, [floor, 'dump']);
const [c] = await race([contender], 1, 5);
contender.close();
const { count, sync, bytes, change } = subject<Sync>('sync');
const floorTime = c!.median / 1e6;
console.log(`C receives them          ${floorTime.toFixed(0)} ms`);
console.log(`${String(count)} routes in sync     ${sync.toFixed(0)} ms, ${(sync / floorTime).toFixed(1)} x the C program`);
console.log(`heap of a route          ${bytes.toFixed(0)} bytes`);
console.log(`a change, until told     ${(change * 1000).toFixed(0)} us`);
process.exit();
