import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A program in a Markdown file: a block fenced with `ts`. */
export interface Program {
  /** File and line, for titles. */
  readonly title: string;
  readonly text: string;
  /** The program runs until it is stopped: its fence is `ts watch`. */
  readonly endless: boolean;
  /** The program connects to a nats-server at its default port: its fence is `ts nats-server`. */
  readonly server: boolean;
  /** The kind of links that the kernel must have: its fence is `ts needs=vlan`. */
  readonly needs?: string | undefined;
}

/** Finds the programs of a Markdown file; blocks of other languages are not programs. */
export function programsIn(root: string, file: string): Program[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const programs: Program[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fence = /^```ts( watch)?( nats-server)?(?: needs=([\w-]+))?$/.exec(lines[index]!);
    if (fence === null) continue;
    const end = lines.indexOf('```', index);
    const title = `${relative('.', file)}:${index + 1}`;
    const [, watch, server, needs] = fence;
    programs.push({
      title,
      text: lines.slice(index + 1, end).join('\n'),
      endless: watch !== undefined,
      server: server !== undefined,
      needs,
    });
    index = end;
  }
  return programs;
}
