import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoggedDatagram } from '../../../lib/cli/decode/input/logged-datagram.js';
import { readDatagrams } from '../../../lib/cli/decode/input/read-datagrams.js';
import type { DecodedMessage } from '../../../lib/cli/decode/message/decoded-message.js';
import { Protocol } from '../../../lib/index.js';
import { linesOf } from '../run-cli.js';

/** Returns the path of a log in fixtures/. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** Returns the datagrams of a file. */
export async function datagramsOf(path: string): Promise<LoggedDatagram[]> {
  const datagrams: LoggedDatagram[] = [];
  for await (const datagram of readDatagrams(createReadStream(path), Protocol.Route)) datagrams.push(datagram);
  return datagrams;
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
