import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Observable, type Subscriber } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { Namespace } from './namespace.js';
import { readNamespaces, type ReadNamespace } from './read-namespaces.js';

/**
 * Delays in milliseconds after which a directory with an unfinished name is read again: inotify does not report mounts. On a busy machine, the kernel
 * makes a namespace seconds after `ip netns add` has made its file.
 */
const DELAYS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000, 8000];

/** Emits the namespaces of a directory, then every change. @internal */
export function watchNamespaces(directory: string): Observable<LiveChange<Namespace>> {
  return new Observable((subscriber) => {
    const watched = new WatchedDirectory(directory, subscriber);
    subscriber.add(() => watched.close());
    watched.start();
  });
}

/** The namespaces of a directory, for one subscriber. */
class WatchedDirectory {
  readonly #directory: string;
  readonly #subscriber: Subscriber<LiveChange<Namespace>>;
  #known = new Map<string, ReadNamespace>();
  #watcher: FSWatcher | undefined;
  /** The directory that the watcher watches: the nearest one that exists, with its inode. */
  #place = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string, subscriber: Subscriber<LiveChange<Namespace>>) {
    this.#directory = directory;
    this.#subscriber = subscriber;
  }

  start(): void {
    try {
      // Names that appear while the directory is read are reported, because it is watched before.
      this.#watch();
      const { namespaces, isUnfinished } = readNamespaces(this.#directory);
      this.#known = byName(namespaces);
      this.#subscriber.next({ type: 'synced', entries: namespaces.map(({ namespace }) => namespace), reason: 'initial' });
      if (isUnfinished) this.#schedule(0);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  /** Watches the directory, or the nearest one that exists: another one may have its path by now, also while this method runs. */
  #watch(): void {
    for (;;) {
      const [path, place] = nearest(this.#directory);
      if (place === this.#place) return;
      this.#watcher?.close();
      this.#place = place;
      try {
        this.#watcher = watch(path, (_event, name) => this.#notice(path, name)).on('error', (error) => this.#subscriber.error(error));
      } catch (error) {
        this.#place = '';
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  #notice(path: string, name: string | null): void {
    // The directory itself: it was deleted, and a new one may have its inode number.
    if (name === null || name === basename(path)) this.#place = '';
    this.#read(0);
  }

  /** @param attempt - Number of readings since the last event. */
  #read(attempt: number): void {
    clearTimeout(this.#timer);
    try {
      this.#watch();
      const { namespaces, isUnfinished } = readNamespaces(this.#directory);
      this.#update(namespaces);
      if (isUnfinished) this.#schedule(attempt);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  #schedule(attempt: number): void {
    const delay = DELAYS[attempt];
    // A file that stays without a namespace is not a namespace.
    if (delay !== undefined && !this.#subscriber.closed) this.#timer = setTimeout(() => this.#read(attempt + 1), delay);
  }

  #update(namespaces: readonly ReadNamespace[]): void {
    const found = byName(namespaces);
    const before = this.#known;
    this.#known = found;
    for (const [name, { namespace, identity }] of before)
      if (found.get(name)?.identity !== identity) this.#subscriber.next({ type: 'removed', value: namespace });
    for (const [name, { namespace, identity }] of found)
      if (before.get(name)?.identity !== identity) this.#subscriber.next({ type: 'added', value: namespace });
  }
}

function byName(namespaces: readonly ReadNamespace[]): Map<string, ReadNamespace> {
  return new Map(namespaces.map((found) => [found.namespace.name, found]));
}

/** Returns a directory, or the nearest one above it that exists, and its identity. */
function nearest(directory: string): readonly [path: string, identity: string] {
  for (let path = directory; ; path = dirname(path)) {
    const identity = identityOf(path);
    if (identity !== undefined || path === dirname(path)) return [path, `${path} ${identity ?? ''}`];
  }
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
