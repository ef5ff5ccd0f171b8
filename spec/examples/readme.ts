import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Returns the first block of shell commands below a heading of a README. @throws Error if there is none. */
export function commandsBelow(file: string, heading: string): string {
  const [, section = ''] = readFileSync(join(ROOT, file), 'utf8').split(`\n## ${heading}\n`);
  const [, commands] = /^```sh\n([^]*?)^```$/m.exec(section.split(/^## /m)[0]!) ?? [];
  if (commands === undefined) throw new Error(`${file}: found no commands below '${heading}'`);
  return commands;
}
