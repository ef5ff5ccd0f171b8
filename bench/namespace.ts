import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a command to its end; throws with what it said where it fails. */
export function command(name: string, ...args: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/**
 * A network namespace with many IPv4 routes, of five attributes each (table, destination, priority, gateway, interface).
 *
 * @param name - The namespace's, for /run/netns.
 * @param routes - How many to add.
 * @param folder - Where to put files that are needed meanwhile.
 */
export function makeRoutes(name: string, routes: number, folder: string): void {
  command('ip', 'netns', 'add', name);
  command('ip', '-n', name, 'link', 'set', 'lo', 'up');
  command('ip', '-n', name, 'link', 'add', 'bench0', 'type', 'veth', 'peer', 'name', 'bench1');
  for (const link of ['bench0', 'bench1']) command('ip', '-n', name, 'link', 'set', link, 'up');
  command('ip', '-n', name, 'address', 'add', '192.0.2.1/24', 'dev', 'bench0');
  const lines = Array.from({ length: routes }, (_, index) => {
    const destination = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`;
    return `route add ${destination} via 192.0.2.${2 + (index % 250)} dev bench0 metric 100\n`;
  });
  const batch = join(folder, 'routes');
  writeFileSync(batch, lines.join(''));
  command('ip', '-n', name, '-batch', batch);
}

/** Deletes a namespace, if it is there. */
export function deleteNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}
