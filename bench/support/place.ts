import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'rxnl-bench-';
const NAMESPACES = '/run/netns';

const endings = new Set<() => void>();

/** Has something done when this process ends, whatever way it does; returns the way to take that back. */
export function atExit(end: () => void): () => void {
  endings.add(end);
  return () => endings.delete(end);
}

process.once('exit', () => {
  for (const end of [...endings].reverse()) end();
});
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

/** Runs a command to its end; throws with what it said where it fails. */
export function command(name: string, ...args: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

let folder: string | undefined;

/** A folder for this process alone, gone when it ends. */
export function ownFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    atExit(() => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Makes an empty network namespace that is gone when this process ends; returns its name. */
export function makeNamespace(suffix: string): string {
  deleteOrphans();
  const name = `${PREFIX}${process.pid}-${suffix}`;
  atExit(() => deleteNamespace(name));
  command('ip', 'netns', 'add', name);
  command('ip', '-n', name, 'link', 'set', 'lo', 'up');
  return name;
}

/** Deletes a namespace, if it is there. */
export function deleteNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}

/** A process that is killed without a word leaves its namespaces and folders behind; the next one takes them away. */
function deleteOrphans(): void {
  for (const name of orphansIn(NAMESPACES)) deleteNamespace(name);
  for (const name of orphansIn(tmpdir())) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** Names of ours that carry the number of a process that is gone. */
function orphansIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => {
    const owner = name.startsWith(PREFIX) ? /^\d+/.exec(name.slice(PREFIX.length))?.[0] : undefined;
    return owner !== undefined && !existsSync(`/proc/${owner}`);
  });
}

/** Gives a namespace the interface `bench0` that routes can point to. */
export function makeInterface(namespace: string): void {
  command('ip', '-n', namespace, 'link', 'add', 'bench0', 'type', 'veth', 'peer', 'name', 'bench1');
  for (const link of ['bench0', 'bench1']) command('ip', '-n', namespace, 'link', 'set', link, 'up');
  command('ip', '-n', namespace, 'address', 'add', '192.0.2.1/24', 'dev', 'bench0');
}

/**
 * Adds IPv4 routes of five attributes each (table, destination, priority, gateway, interface) to a namespace with `bench0`.
 *
 * @param count - How many.
 * @param first - The first one's number: those before it are there already.
 */
export function addRoutes(namespace: string, count: number, first = 0): void {
  const lines = Array.from({ length: count }, (_, offset) => {
    const index = first + offset;
    const destination = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`;
    return `route add ${destination} via 192.0.2.${2 + (index % 250)} dev bench0 metric 100\n`;
  });
  const batch = join(ownFolder(), 'routes');
  writeFileSync(batch, lines.join(''));
  command('ip', '-n', namespace, '-batch', batch);
  rmSync(batch);
}

/** A namespace with so many routes. */
export function makeRoutes(suffix: string, routes: number): string {
  const namespace = makeNamespace(suffix);
  makeInterface(namespace);
  addRoutes(namespace, routes);
  return namespace;
}
