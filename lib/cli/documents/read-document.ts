import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { defer, from, type Observable } from 'rxjs';
import type { NetworkDocument } from '../../network/index.js';
import { UsageError } from '../run/usage-error.js';

/** Reads a document from a file, or from the standard input for `-`. The verbs check its contents. */
export function readDocument(file: string): Observable<NetworkDocument> {
  return defer(() => from(read(file)));
}

async function read(file: string): Promise<NetworkDocument> {
  const contents = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  if (/\.ya?ml$/.test(file)) return (await yamlParser())(contents) as NetworkDocument;
  try {
    return JSON.parse(contents) as NetworkDocument;
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

async function yamlParser(): Promise<(text: string) => unknown> {
  try {
    const { parse } = await import('yaml');
    return parse;
  } catch {
    throw new UsageError('documents in YAML need the package yaml: npm install yaml');
  }
}
