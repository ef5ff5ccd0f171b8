import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from '../support/figures.js';
import { command, makeInterface, makeNamespace, ownFolder } from '../support/place.js';
import type { Result } from '../support/result.js';
import { compare, runIp, runSubject, type Cost } from './compare.js';

const ROUTES = 10_000;

/** Writes a file for `ip -batch` and returns its path. */
export function batch(name: string, lines: readonly string[]): string {
  const file = join(ownFolder(), name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Compares `routes.addMany` with `ip -batch`. */
export function measureWriting(): Result[] {
  const namespace = makeNamespace('writing');
  makeInterface(namespace);
  const lines = Array.from(
    { length: ROUTES },
    (_, index) => `route add 11.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 dev bench0`,
  );
  const routes = batch('routes', lines);
  const flush = (): void => void command('ip', '-n', namespace, 'route', 'flush', 'table', 'main', 'dev', 'bench0');
  return compare(
    'writing',
    `${grouped(ROUTES)} routes added`,
    flush,
    [
      { name: 'ip -batch', role: 'floor', run: () => runIp(namespace, '-batch', routes) },
      { name: 'routes.addMany()', role: 'library', run: () => runSubject<Cost>(namespace, 'add', `${ROUTES}`) },
    ],
    [],
  );
}
