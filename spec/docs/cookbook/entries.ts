import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { programsIn } from '../programs.js';

/** The pages of the cookbook, in the order of the index. */
export const FOLDER = 'docs/cookbook';

/** The most lines of a program, without its imports and empty lines. */
export const MOST_LINES = 25;

/** An entry of the cookbook: a heading with one program below it. */
export interface Entry {
  readonly page: string;
  readonly title: string;
  /** The name of its file, without the extension. */
  readonly file: string;
  readonly text: string;
  /** The program runs until it is stopped. */
  readonly endless: boolean;
}

/** Reads the entries of all pages. @throws Error if a heading has no program, or several. */
export function readEntries(root: string): Entry[] {
  const pages = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.md'));
  return pages.flatMap((name) => {
    const lines = readFileSync(join(root, FOLDER, name), 'utf8').split('\n');
    const headings = lines.flatMap((line, index) => (line.startsWith('## ') ? [{ title: line.slice(3), line: index + 1 }] : []));
    const programs = programsIn(root, join(FOLDER, name)).map((program) => ({ ...program, line: Number(program.title.split(':')[1]) }));
    return headings.map(({ title, line }, index) => {
      const end = headings[index + 1]?.line ?? Infinity;
      const [program, ...others] = programs.filter((each) => each.line > line && each.line < end);
      if (program === undefined || others.length > 0) throw new Error(`${FOLDER}/${name}: '${title}' must have exactly one program`);
      const page = name.slice(0, -3);
      return { page, title, file: `${page}-${index + 1}`, text: program.text, endless: program.endless };
    });
  });
}

/** Counts the lines of a program behind its imports, without empty ones. */
export function countLines(text: string): number {
  return text
    .replaceAll(/^import [^;]*;$/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}
