import { existsSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { Observable, type Subscriber } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { Namespace } from './namespace.js';
import { readNamespaces } from './read-namespaces.js';

/** Delays in milliseconds after which a directory with an unfinished name is read again: inotify does not report mounts. */
const DELAYS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

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
  #known = new Map<string, Namespace>();
  #watcher: FSWatcher | undefined;
  /** The directory that the watcher watches: the nearest one that exists. */
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
      this.#known = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
      this.#subscriber.next({ type: 'synced', entries: namespaces, reason: 'initial' });
      if (isUnfinished) this.#schedule(0);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  #watch(): void {
    let place = this.#directory;
    while (!existsSync(place) && place !== dirname(place)) place = dirname(place);
    if (place === this.#place) return;
    this.#watcher?.close();
    this.#place = place;
    this.#watcher = watch(place, () => this.#read(0)).on('error', (error) => this.#subscriber.error(error));
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

  #update(namespaces: readonly Namespace[]): void {
    const found = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
    const before = this.#known;
    this.#known = found;
    // A name with another inode is another namespace.
    for (const [name, namespace] of before)
      if (found.get(name)?.inode !== namespace.inode) this.#subscriber.next({ type: 'removed', value: namespace });
    for (const [name, namespace] of found)
      if (before.get(name)?.inode !== namespace.inode) this.#subscriber.next({ type: 'added', value: namespace });
  }
}
