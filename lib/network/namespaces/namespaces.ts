import type { ChildProcess, ChildProcessWithoutNullStreams, SpawnOptionsWithoutStdio } from 'node:child_process';
import { of, type Observable } from 'rxjs';
import { checkFunction } from '../../check/index.js';
import type { LiveChange } from '../../live/index.js';
import type { Netns } from '../common/netns.js';
import type { Ensured } from '../tables/verbs.js';
import { inDirectory } from './directory.js';
import { allNamespaces, type NamespaceProject, type NamespaceValue } from './all-namespaces.js';
import { nameVerbs } from './name-verbs.js';
import type { Namespace, NamespaceOptions, NamespaceVerbOptions } from './namespace.js';
import { readNamespaces } from './read-namespaces.js';
import { spawnInside, type NamespaceSpawnOptions } from './spawn/spawn-inside.js';
import { watchNamespaces } from './watch-namespaces.js';

/** The verbs on named network namespaces. @public */
export interface Namespaces {
  /**
   * Emits the namespaces of a directory, as `ip netns list` lists those of `/run/netns`, as one array.
   *
   * @throws {@link NetworkError} `missing` if the directory of the options does not exist; so do `watch` and `all`.
   */
  list(options?: NamespaceOptions): Observable<readonly Namespace[]>;
  /** Emits the namespaces of a directory, then every change. */
  watch(options?: NamespaceOptions): Observable<LiveChange<Namespace>>;
  /**
   * Creates a namespace with a name, as `ip netns add` does, and emits it. Its loopback link is down. Needs CAP_SYS_ADMIN.
   *
   * @throws {@link NetworkError} `exists` if the name exists, `denied` without the capability; then nothing is left behind.
   */
  create(name: string, options?: NamespaceVerbOptions): Observable<Namespace>;
  /** Creates a namespace if the name does not exist. `changed` is empty if it does. */
  ensure(name: string, options?: NamespaceVerbOptions): Observable<Ensured<Namespace>>;
  /**
   * Deletes a name, as `ip netns delete` does, and emits the namespace. It exists as long as a socket, a process or another name
   * holds it.
   *
   * @throws {@link NetworkError} `missing` if the name does not exist.
   */
  delete(name: string, options?: NamespaceVerbOptions): Observable<Namespace>;
  /** Deletes a name if it exists; emits `true` if it did. */
  ensureAbsent(name: string, options?: NamespaceVerbOptions): Observable<boolean>;
  /**
   * Starts a program in a namespace and emits its `ChildProcess` when the process is in the namespace.
   *
   * Arguments and options are those of `spawn` of `node:child_process`. A second Node.js process enters the namespace and becomes the
   * program, with the same process ID, descriptors and environment. Only the network namespace changes: unlike `ip netns exec`, it
   * mounts no `/sys` and no `/etc/netns`.
   *
   * Unsubscribing before the value stops the start. Afterwards it does nothing: the program ends by itself, by `kill()`, or by the option
   * `signal`.
   *
   * @param netns - A name, a path, a process or a descriptor.
   * @throws {@link NetworkError} `missing` if there is no such namespace or program, `denied` without CAP_SYS_ADMIN.
   * @example
   * ```ts
   * const child = await lastValueFrom(namespaces.spawn('blue', 'ping', ['-c', '1', '10.0.0.1'], { stdio: 'inherit' }));
   * child.once('exit', (code) => console.log(code));
   * ```
   */
  spawn(
    netns: Netns,
    command: string,
    args?: readonly string[],
    options?: NamespaceSpawnOptions<SpawnOptionsWithoutStdio>,
  ): Observable<ChildProcessWithoutNullStreams>;
  /** Starts a program in a namespace with other streams. */
  spawn(netns: Netns, command: string, args: readonly string[], options: NamespaceSpawnOptions): Observable<ChildProcess>;
  /**
   * Subscribes to a stream in each namespace, as long as the namespace has its name, and emits the values of all of them.
   *
   * If the stream of one namespace fails, its error is emitted in place of a value, and the others continue. The stream starts again
   * when the name is deleted and created again; an operator such as `retry` in `project` starts it earlier.
   *
   * @param project - Returns the stream of a namespace. The network is closed when the stream ends or the namespace disappears.
   * @throws The error of the file system as the error signal, if the directory cannot be read.
   * @example Every new link of every container
   * ```ts
   * namespaces
   *   .all((net) => net.links.watch())
   *   .subscribe(({ namespace, value, error }) => console.log(namespace.name, value?.type ?? error));
   * ```
   */
  all<T>(project: NamespaceProject<T>, options?: NamespaceOptions): Observable<NamespaceValue<T>>;
}

/** Named network namespaces: those of `ip netns`, or of another directory. @public */
export const namespaces: Namespaces = {
  list: (options = {}) =>
    inDirectory('list', options, (directory) => of(readNamespaces(directory).namespaces.map(({ namespace }) => namespace))),
  watch: (options = {}) => inDirectory('watch', options, watchNamespaces),
  ...nameVerbs,
  spawn: (netns: Netns, command: string, args: readonly string[] = [], options: NamespaceSpawnOptions = {}) =>
    // With the default streams, none of them is null.
    spawnInside(netns, command, args, options) as Observable<ChildProcessWithoutNullStreams>,
  all: (project, options = {}) => {
    checkFunction('namespaces.all: project', project);
    return inDirectory('all', options, (directory) => allNamespaces(directory, project));
  },
};
