import { lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Namespace } from './namespace.js';

/** A namespace, and what distinguishes it from a later one with its name. @internal */
export interface ReadNamespace {
  readonly namespace: Namespace;
  /** The inode number, which the kernel uses again at once, and the time at which the inode was made. */
  readonly identity: string;
}

/** The contents of a directory of namespaces. @internal */
export interface NamespaceReading {
  readonly namespaces: readonly ReadNamespace[];
  /** True if a name exists and its namespace is not mounted yet, or not any more. */
  readonly isUnfinished: boolean;
}

/** A name, or a file that is not a namespace. @internal */
export interface NameReading extends Namespace {
  readonly isNamespace: boolean;
  /** Distinguishes a namespace from a later one with its name. */
  readonly identity: string;
  /** True if the file is empty, as one on which no namespace is mounted yet, or not any more. */
  readonly isEmpty: boolean;
}

/**
 * Reads a directory of namespaces.
 *
 * `ip netns add` creates a file and then mounts the namespace on it: a file on another file system than that of namespaces is a
 * name without a namespace. An entry that cannot be examined, such as a link to itself, is not a namespace.
 *
 * @throws The error of the file system, if the directory exists and cannot be read.
 * @internal
 */
export function readNamespaces(directory: string): NamespaceReading {
  const namespaces: ReadNamespace[] = [];
  let isUnfinished = false;
  for (const name of namesIn(directory).sort()) {
    const found = examine(directory, name);
    if (found === undefined) continue;
    const { path, inode, identity, isNamespace } = found;
    if (isNamespace) namespaces.push({ namespace: { name, path, inode }, identity });
    else isUnfinished = true;
  }
  return { namespaces, isUnfinished };
}

/** Reads one name; undefined if there is none. @throws The error of the file system, if it cannot be read. @internal */
export function readName(directory: string, name: string): NameReading | undefined {
  const path = join(directory, name);
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (found === undefined) return undefined;
  const { ino, dev, ctimeNs, size } = found;
  const isNamespace = dev === statSync('/proc/self/ns/net', { bigint: true }).dev;
  // The inode of a link's target, such as /proc/<pid>/ns/net, is made anew for each reading; a mount keeps it.
  const isMount = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === false;
  const identity = isMount ? `${ino} ${ctimeNs}` : String(ino);
  return { name, path, inode: Number(ino), identity, isNamespace, isEmpty: found.isFile() && size === 0n };
}

/** Reads one name; undefined if there is none, or if it cannot be read. */
function examine(directory: string, name: string): NameReading | undefined {
  try {
    return readName(directory, name);
  } catch {
    return undefined;
  }
}

/** Returns true if a namespace still has its name. @internal */
export function isThere({ path, name, inode }: Namespace): boolean {
  return examine(dirname(path), name)?.inode === inode;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
