import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'rxnl-bench-';
const NAMESPACES = '/run/netns';

const endings = new Set<() => void>();

/** Calls a function when this process ends, also by a signal; the returned function cancels that. */
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

/** Runs a command and returns its output; throws with its standard error if it fails. */
export function command(name: string, ...args: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

let folder: string | undefined;

/** Returns a folder for this process, which is deleted when the process ends. */
export function ownFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    atExit(() => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Returns the name of a namespace of this process. */
export function namespaceName(suffix: string): string {
  return `${PREFIX}${process.pid}-${suffix}`;
}

/** Makes an empty network namespace, which is deleted when this process ends; returns its name. */
export function makeNamespace(suffix: string): string {
  deleteOrphans();
  const name = namespaceName(suffix);
  atExit(() => deleteNamespace(name));
  command('ip', 'netns', 'add', name);
  command('ip', '-n', name, 'link', 'set', 'lo', 'up');
  return name;
}

/** Deletes a namespace if it exists. */
export function deleteNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}

/** Deletes namespaces and folders of processes that were killed. */
function deleteOrphans(): void {
  for (const name of orphansIn(NAMESPACES)) deleteNamespace(name);
  for (const name of orphansIn(tmpdir())) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** Returns the names in a folder that contain the ID of a process that has ended. */
function orphansIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => {
    const owner = name.startsWith(PREFIX) ? /^\d+/.exec(name.slice(PREFIX.length))?.[0] : undefined;
    return owner !== undefined && !existsSync(`/proc/${owner}`);
  });
}

/** Makes the interface `bench0` in a namespace, for routes. */
export function makeInterface(namespace: string): void {
  command('ip', '-n', namespace, 'link', 'add', 'bench0', 'type', 'veth', 'peer', 'name', 'bench1');
  for (const link of ['bench0', 'bench1']) command('ip', '-n', namespace, 'link', 'set', link, 'up');
  command('ip', '-n', namespace, 'address', 'add', '192.0.2.1/24', 'dev', 'bench0');
}

/** Adds IPv4 routes of five attributes each (table, destination, priority, gateway, interface) to a namespace with `bench0`. */
function addRoutes(namespace: string, count: number): void {
  const lines = Array.from({ length: count }, (_, index) => {
    const destination = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`;
    return `route add ${destination} via 192.0.2.${2 + (index % 250)} dev bench0 metric 100\n`;
  });
  const batch = join(ownFolder(), 'routes');
  writeFileSync(batch, lines.join(''));
  command('ip', '-n', namespace, '-batch', batch);
  rmSync(batch);
}

/** Makes a namespace with the given number of routes; returns its name. */
export function makeRoutes(suffix: string, routes: number): string {
  const namespace = makeNamespace(suffix);
  makeInterface(namespace);
  addRoutes(namespace, routes);
  return namespace;
}
