import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A program in a Markdown file: a block fenced with `ts`. */
export interface Program {
  /** File and line, for titles. */
  readonly title: string;
  readonly text: string;
  /** The program runs until it is stopped: its fence is `ts watch`. */
  readonly endless: boolean;
  /** The kind of links that the kernel must have: its fence is `ts needs=vlan`. */
  readonly needs?: string | undefined;
}

/** Finds the programs of a Markdown file; blocks of other languages are not programs. */
export function programsIn(root: string, file: string): Program[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const programs: Program[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fence = /^```ts( watch)?(?: needs=([\w-]+))?$/.exec(lines[index]!);
    if (fence === null) continue;
    const end = lines.indexOf('```', index);
    const title = `${relative('.', file)}:${index + 1}`;
    programs.push({ title, text: lines.slice(index + 1, end).join('\n'), endless: fence[1] !== undefined, needs: fence[2] });
    index = end;
  }
  return programs;
}
