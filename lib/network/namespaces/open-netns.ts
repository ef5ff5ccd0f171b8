import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { FieldError } from '../common/field-error.js';
import type { Netns } from '../common/netns.js';
import { DIRECTORY } from './namespace.js';

/** An open network namespace. @internal */
export interface OpenNetns {
  readonly descriptor: number;
  /** Closes the descriptor, unless it belongs to the caller. */
  readonly close: () => void;
}

/** Returns the path of a namespace, or words for a descriptor. @internal */
export function netnsPath(netns: Netns, directory: string = DIRECTORY): string {
  if (typeof netns === 'object') return 'fd' in netns ? `descriptor ${netns.fd}` : `/proc/${netns.pid}/ns/net`;
  return netns.includes('/') ? netns : join(directory, netns);
}

/** Opens a descriptor of a network namespace. @throws FieldError @internal */
export function openNetns(netns: Netns, directory?: string): OpenNetns {
  if (typeof netns === 'object' && 'fd' in netns) return { descriptor: netns.fd, close: () => undefined };
  const path = netnsPath(netns, directory);
  try {
    const descriptor = openSync(path, 'r');
    return { descriptor, close: () => closeSync(descriptor) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw new FieldError('netns', `${path} may not be opened: ${message}`, 'denied');
    throw new FieldError('netns', `${path} is not a network namespace: ${message}`, 'missing');
  }
}
