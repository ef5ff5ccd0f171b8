import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './namespace.js';

/** The contents of a directory of namespaces. @internal */
export interface NamespaceReading {
  readonly namespaces: readonly Namespace[];
  /** True if a name exists and its namespace is not mounted yet, or not any more. */
  readonly isUnfinished: boolean;
}

/**
 * Reads a directory of namespaces.
 *
 * `ip netns add` creates a file and then mounts the namespace on it: a file on another file system than that of namespaces is a
 * name without a namespace.
 *
 * @throws The error of the file system, if the directory exists and cannot be read.
 * @internal
 */
export function readNamespaces(directory: string): NamespaceReading {
  const { dev } = statSync('/proc/self/ns/net');
  const namespaces: Namespace[] = [];
  let isUnfinished = false;
  for (const name of namesIn(directory).sort()) {
    const path = join(directory, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (found.dev === dev) namespaces.push({ name, path, inode: found.ino });
    else isUnfinished = true;
  }
  return { namespaces, isUnfinished };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
