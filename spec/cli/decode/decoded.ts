import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DecodedMessage } from '../../../lib/cli/decode/message/decoded-message.js';
import { linesOf } from '../run-cli.js';

/** Returns the path of a log in fixtures/. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** Decodes a file that must be valid. */
export async function decodeFile(path: string, ...options: readonly string[]): Promise<DecodedMessage[]> {
  return (await linesOf('decode', path, '--json', ...options)).map((line) => JSON.parse(line) as DecodedMessage);
}

/** Returns the words that identify a message: `> rt-link getlink dump`. */
export function nameOf({ direction, kind, family, operation, mode }: DecodedMessage): string {
  const suffix = kind === 'request' ? (mode === 'dump' ? 'dump' : undefined) : kind;
  return [direction === 'sent' ? '>' : '<', family, operation, suffix].filter((word) => word !== undefined).join(' ');
}

/** Makes a folder for the files of a `describe`; returns a function that writes one and returns its path. */
export function useFiles(): (name: string, content: string | Uint8Array) => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-decode-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}
