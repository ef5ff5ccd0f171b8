import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Observable,
  catchError,
  concatMap,
  defer,
  filter,
  from,
  map,
  Observable as Source,
  of,
  take,
  throwIfEmpty,
  timer,
} from 'rxjs';
import { Errno } from '../../errors/index.js';
import { loadAddon, type NativeAddon, type SystemFailure } from '../../socket/internal.js';
import { FieldError } from '../common/field-error.js';
import { systemError, SystemError } from '../common/system-error.js';
import { NAME_MEANINGS, withoutNamespace } from './name-errors.js';
import { DIRECTORY, type Namespace } from './namespace.js';
import { readName, type NameReading } from './read-namespaces.js';

/** NAME_MAX (uapi/linux/limits.h). */
const LONGEST = 255;

/** Delays in milliseconds after which a name is read again on which another process has not mounted the namespace yet. */
const DELAYS: readonly number[] = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Returns a name that may be that of a file. @throws FieldError @internal */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= LONGEST)
    return name;
  throw new FieldError('name', `expected the name of a file of at most ${LONGEST} bytes, without a slash`);
}

/** Creates a namespace with a name. Emits one value. @internal */
export function createNamed(directory: string, name: string): Observable<Namespace> {
  return defer(() => {
    const path = join(directory, checkName(name));
    const isNew = makeDirectory(directory);
    // `ip netns` shares its own directory only.
    const shared = directory === DIRECTORY ? directory : '';
    return work((addon, done) => addon.createNamespace(shared, path, done)).pipe(
      map(() => {
        const { isNamespace, inode } = readName(directory, name) ?? {};
        if (isNamespace !== true) throw new FieldError('', 'another process deleted the name at once', 'conflict');
        return { name, path, inode: inode! };
      }),
      catchError((error: unknown) => {
        if (isNew) removeDirectory(directory);
        if (error instanceof SystemError && error.reason === 'exists' && readName(directory, name)?.isNamespace === false)
          throw new SystemError('exists', withoutNamespace(path), error.errno);
        throw error;
      }),
    );
  });
}

/**
 * Deletes a name; emits what it was.
 *
 * It also deletes an empty file without a namespace, which remains if a process ends while it creates a name.
 *
 * @internal
 */
export function deleteNamed(directory: string, name: string): Observable<Namespace> {
  return defer(() => {
    const found = readName(directory, checkName(name)) ?? readDanglingLink(directory, name);
    if (found === undefined) throw systemError({ step: 'remove', errno: -Errno.ENOENT }, NAME_MEANINGS);
    const { path, inode, isNamespace, isEmpty } = found;
    if (!isNamespace && !isEmpty) throw new FieldError('', `${path} is not a network namespace`);
    return work((addon, done) => addon.deleteNamespace(path, done)).pipe(map(() => ({ name, path, inode })));
  });
}

/** Reads a link to a namespace that has ended, such as one to `/proc/<pid>/ns/net`. */
function readDanglingLink(directory: string, name: string): NameReading | undefined {
  const path = join(directory, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found && { name, path, inode: found.ino, identity: '', isNamespace: false, isEmpty: found.isSymbolicLink() };
}

/** Emits the namespace of a name, and whether it was created. @internal */
export function ensureNamed(directory: string, name: string): Observable<{ readonly namespace: Namespace; readonly isNew: boolean }> {
  const existing = (): Namespace | undefined => {
    const { isNamespace, path, inode } = readName(directory, name) ?? {};
    return isNamespace === true ? { name, path: path!, inode: inode! } : undefined;
  };
  return defer(() => {
    checkName(name);
    const namespace = existing();
    if (namespace !== undefined) return of({ namespace, isNew: false });
    return createNamed(directory, name).pipe(
      map((created) => ({ namespace: created, isNew: true })),
      catchError((error: unknown) => {
        if (!(error instanceof SystemError) || error.reason !== 'exists') throw error;
        // Another process creates it: the file exists before the namespace is mounted.
        return from(DELAYS).pipe(
          concatMap((delay) => timer(delay)),
          map(existing),
          filter((found) => found !== undefined),
          take(1),
          throwIfEmpty(() => new FieldError('', withoutNamespace(join(directory, name)), 'conflict')),
          map((found) => ({ namespace: found, isNew: false })),
        );
      }),
    );
  });
}

/** Runs a function of the addon on a thread of the pool; emits when it has succeeded. Unsubscribing does not stop it. */
function work(start: (addon: NativeAddon, done: (failure?: SystemFailure) => void) => number): Observable<void> {
  return new Source((subscriber) => {
    const errno = start(loadAddon(), (failure) => {
      if (failure !== undefined) {
        subscriber.error(systemError(failure, NAME_MEANINGS));
        return;
      }
      subscriber.next();
      subscriber.complete();
    });
    if (errno !== 0) subscriber.error(systemError({ step: 'start', errno }, NAME_MEANINGS));
  });
}

/** Creates a directory if it does not exist. Returns true if it did not. */
function makeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory, 0o755);
    return true;
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (errno === undefined) throw error;
    throw systemError({ step: 'directory', errno }, NAME_MEANINGS);
  }
}

/** Removes a directory that was created for a name. Another process may have created names in it, or mounted it, meanwhile. */
function removeDirectory(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // It stays.
  }
}
