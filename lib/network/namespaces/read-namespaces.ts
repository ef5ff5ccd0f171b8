import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './namespace.js';

/** The contents of a directory of namespaces. @internal */
export interface NamespaceReading {
  readonly namespaces: readonly Namespace[];
  /** True if a name exists and its namespace is not mounted yet, or not any more. */
  readonly isUnfinished: boolean;
}

/** A name, or a file that is not a namespace. @internal */
export interface NameReading extends Namespace {
  readonly isNamespace: boolean;
  /** True if the file is empty, as one on which no namespace is mounted yet, or not any more. */
  readonly isEmpty: boolean;
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
  const namespaces: Namespace[] = [];
  let isUnfinished = false;
  for (const name of namesIn(directory).sort()) {
    const found = readName(directory, name);
    if (found === undefined) continue;
    const { path, inode } = found;
    if (found.isNamespace) namespaces.push({ name, path, inode });
    else isUnfinished = true;
  }
  return { namespaces, isUnfinished };
}

/** Reads one name; undefined if there is none. @throws The error of the file system, if it cannot be read. @internal */
export function readName(directory: string, name: string): NameReading | undefined {
  const path = join(directory, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const isNamespace = found.dev === statSync('/proc/self/ns/net').dev;
  return { name, path, inode: found.ino, isNamespace, isEmpty: found.isFile() && found.size === 0 };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
