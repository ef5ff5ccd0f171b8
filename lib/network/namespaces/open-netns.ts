import { closeSync, fstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NetlinkError } from '../../errors/index.js';
import { openNamespaceFile } from '../../socket/internal.js';
import { FieldError } from '../common/field-error.js';
import type { Netns } from '../common/netns.js';
import { openingReason, openingText } from '../common/translate-error.js';
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
  try {
    const descriptor = openNamespaceFile(netnsPath(netns, directory));
    return { descriptor, close: () => closeSync(descriptor) };
  } catch (error) {
    const reason = openingReason(error);
    throw reason === undefined ? error : new FieldError('netns', openingText(error as NetlinkError), reason);
  }
}

/** Opens a descriptor for a request: the kernel rejects that of another file with EINVAL only. @throws FieldError @internal */
export function openNetnsOfRequest(netns: Netns): OpenNetns {
  const { descriptor, close } = openNetns(netns);
  if (!isOpen(descriptor)) throw new FieldError('netns', `descriptor ${descriptor} is not open`);
  const other = otherFile(descriptor);
  if (other === undefined) return { descriptor, close };
  close();
  throw new FieldError('netns', `${other} is not a network namespace`);
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EBADF';
  }
}

/** Returns the name of an open file that is not a network namespace; undefined also if `/proc` does not describe the file. */
function otherFile(descriptor: number): string | undefined {
  try {
    const name = readlinkSync(`/proc/self/fd/${descriptor}`);
    const isNamespace = fstatSync(descriptor).dev === statSync('/proc/self/ns/net').dev;
    // A mounted namespace has the path of its mount.
    return isNamespace && !/^(?!net:)\w+:\[/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}
