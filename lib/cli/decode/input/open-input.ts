import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** Opens a file, a FIFO, or the standard input if the path is `-`. */
export function openInput(path: string): Readable {
  if (path === '-') return process.stdin;
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return createReadStream(path);
  // A thread that waits in open(2) or read(2) for a writer cannot be interrupted, and Node waits for it when it exits.
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}
