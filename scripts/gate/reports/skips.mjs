// Reads the reports of a folder, and the skipped specs from them.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installCommand, missingForSpecs } from '../programs.mjs';

/** Returns the reports of all stages, each with the name of its `stage`, sorted by name. */
export function readReports(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => ({ stage: name.split('.')[0], ...JSON.parse(readFileSync(join(folder, name), 'utf8')) }));
}

/** Writes one report of several. */
export function writeSum(reports, file) {
  const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
  const all = (key) => reports.flatMap((report) => report[key] ?? []);
  const figures = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ ...figures, failures: all('failures'), skips: all('skips'), retries: all('retries') }, null, 2)}\n`,
  );
}

/** Returns all skips, each with `title`, `reason` and `programs`, which are the missing programs if they are the reason. */
export function skipsIn(reports) {
  return reports.flatMap(({ skips = [] }) => skips.map((skip) => (typeof skip === 'string' ? { title: skip, reason: skip } : skip)));
}

/** Returns the programs that skips name, each once, sorted. */
export function missingPrograms(skips) {
  return [...new Set(skips.flatMap(({ programs = [] }) => programs))].sort();
}

/** Returns lines that count the skips by their reason, and the command that installs all missing programs. */
export function describeSkips(skips) {
  if (skips.length === 0) return [];
  const counts = new Map();
  for (const { reason } of skips) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const lines = [`skipped: ${skips.length}`, ...sorted.map(([reason, count]) => `${String(count).padStart(6)}: ${reason}`)];
  const programs = missingPrograms(skips);
  if (programs.length === 0) return lines;
  // A suite that was skipped because of one program may need others.
  return [...lines, `to run the specs that were skipped for a missing program: ${installCommand([...programs, ...missingForSpecs()])}`];
}
