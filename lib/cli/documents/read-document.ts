import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { defer, finalize, from, fromEvent, takeUntil, type Observable } from 'rxjs';
import type { NetworkDocument } from '../../network/index.js';
import type { Call } from '../command.js';
import { loadOptional } from '../run/load-optional.js';

/** Reads the document that the first word names, or the standard input for `-`; Ctrl-C ends it. The verbs check its contents. */
export function readDocument({ words: [file = '-'], signal }: Pick<Call, 'words' | 'signal'>): Observable<NetworkDocument> {
  return defer(() => from(read(file))).pipe(
    takeUntil(fromEvent(signal, 'abort')),
    finalize(() => {
      // An input that does not end keeps Node from its own end.
      if (file === '-') process.stdin.destroy();
    }),
  );
}

async function read(file: string): Promise<NetworkDocument> {
  const contents = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const name = file === '-' ? 'the standard input' : file;
  // A document is an object, and in JSON those begin with a brace. An input without text needs no package to be refused.
  const isYaml = file === '-' ? /^\s*[^\s{[]/.test(contents) : /\.ya?ml$/.test(file);
  const parse = isYaml ? await yamlParser() : JSON.parse;
  try {
    return parse(contents) as NetworkDocument;
  } catch (error) {
    throw new Error(`${name} is not valid ${isYaml ? 'YAML' : 'JSON'}: ${(error as Error).message}`);
  }
}

async function yamlParser(): Promise<(text: string) => unknown> {
  return (await loadOptional(import('yaml'), 'yaml', 'documents in YAML need the package yaml: npm install yaml')).parse;
}
