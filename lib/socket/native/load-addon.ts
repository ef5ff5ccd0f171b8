// webpack replaces calls of an imported `createRequire`; it leaves a method of the default export alone.
import nodeModule from 'node:module';

import { UnsupportedPlatformError } from '../../errors/index.js';
import { findAddon } from './find-addon.js';
import { refusedPermission } from './refused-permission.js';

/** The step of opening that failed, with its errno. @internal */
export interface OpenFailure {
  readonly step: 'memory' | 'thread' | 'setns' | 'socket' | 'bind' | 'watch';
  readonly errno: number;
}

/**
 * The socket of the addon. Its methods return numbers; a negative one is an errno.
 *
 * Before `start` it reads nothing, and the garbage collector may close it. After `start` it stays open until `close`.
 *
 * @internal
 */
export interface NativeSocket {
  readonly portId: number;
  readonly fd: number;
  /** The number of the socket for {@link NativeAddon.exchange}. */
  readonly number: number;
  /** True after `exchange` found an overrun, until `receive` reports it. */
  readonly overrunPending: boolean;
  /** The number of reads that a thread has done ahead of JavaScript. */
  readonly readsAhead: number;
  open(protocol: number, portId: number, netns: number | undefined): OpenFailure | undefined;
  start(receive: (slab: ArrayBuffer) => void): boolean;
  send(bytes: Uint8Array, length: number, portId: number, groups: number): number;
  /** Reads the datagrams that the event loop would read next; undefined if nothing is queued, while paused and before `start`. */
  readNow(): ArrayBuffer | undefined;
  /** Waits at most so many milliseconds, forever if negative, and reads; only before `start`. Undefined when the time is up. */
  wait(timeout: number): ArrayBuffer | undefined | number;
  setOption(level: number, option: number, value: number): number;
  /** Reads an option into `value`. Returns the length of the option in bytes, which may be greater than the room in `value`. */
  getOption(level: number, option: number, value: Uint32Array): number;
  setFilter(program: Uint8Array | null): number;
  setRef(ref: boolean): void;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Reports the end of a process once; does not keep its own process alive. @internal */
export interface ProcessWatch {
  /** Returns 0 or a negative errno: -3 (ESRCH) if the process does not exist. */
  start(processId: number, onExit: () => void): number;
  close(): void;
}

/** The step of a system call's work that failed, with its negative errno. @internal */
export interface SystemFailure {
  readonly step: string;
  readonly errno: number;
}

/** The numbers of `SOL_SOCKET` and its options; they differ between architectures. @internal */
export interface SocketConstants {
  readonly SocketLevel: number;
  readonly ReceiveBuffer: number;
  readonly ReceiveBufferForce: number;
  readonly SendBuffer: number;
  readonly SendBufferForce: number;
  readonly MemoryInfo: number;
}

/** The exports of the addon. @internal */
export interface NativeAddon {
  readonly constants: SocketConstants;
  readonly Socket: new (datagramSize: number) => NativeSocket;
  readonly ProcessWatch: new () => ProcessWatch;
  /** Sends and reads once. Returns a slab, the length of one that it has written into `room` from `start` on, or a negative errno. */
  exchange(
    this: void,
    socket: number,
    bytes: Uint8Array,
    length: number,
    expected: number,
    room: Uint8Array,
    start: number,
  ): ArrayBuffer | undefined | number;
  /**
   * Creates a network namespace and mounts it on a new file, on a thread of the pool.
   *
   * @param shared - The directory to make a shared mount first; none if empty.
   * @returns A negative errno if the work cannot start; then `done` is not called.
   */
  createNamespace(shared: string, path: string, done: (failure?: SystemFailure) => void): number;
  /** Unmounts a network namespace and removes its file, on a thread of the pool. Returns like `createNamespace`. */
  deleteNamespace(path: string, done: (failure?: SystemFailure) => void): number;
  /** Creates a persistent tun or tap device in a namespace; in that of the calling thread if `netns` is undefined. */
  createTun(
    netns: number | undefined,
    name: string,
    flags: number,
    owner: number | undefined,
    group: number | undefined,
  ): SystemFailure | undefined;
  /**
   * Moves the calling thread to a namespace, and gives all signals their default action: only for a process that `execute` replaces.
   *
   * @returns 0 or a negative errno.
   */
  enterNamespace(netns: number): number;
  /**
   * Replaces the process by a program; returns only after a failure.
   *
   * @param file - The program, with a NUL at its end; `PATH` of this process is searched for it.
   * @param args - The arguments, each with a NUL at its end; also the environment.
   * @param descriptors - The program gets the descriptors below this number.
   */
  execute(
    file: Uint8Array,
    args: Uint8Array,
    environment: Uint8Array,
    user: number | undefined,
    group: number | undefined,
    descriptors: number,
  ): SystemFailure;
}

/** Parts of the running system that loading depends on; specs replace them. @internal */
export interface AddonHost {
  /** Returns the path of the addon's file; throws an {@link UnsupportedPlatformError} when there is none. */
  readonly find: () => string;
  readonly platform: string;
  /** The version of Bun, when Bun runs the program. */
  readonly bun: string | undefined;
}

const thisHost: AddonHost = { find: () => findAddon(), platform: process.platform, bun: process.versions['bun'] };

/**
 * Loads the addon. The first socket that opens calls it, so that importing the package works on every system.
 *
 * @param host - Overrides parts of the running system.
 * @throws {@link UnsupportedPlatformError} when there is no addon for this system, or it cannot be loaded.
 * @internal
 */
export function loadAddon(host: Partial<AddonHost> = {}): NativeAddon {
  const { find, platform, bun } = { ...thisHost, ...host };
  if (platform !== 'linux') throw new UnsupportedPlatformError(`netlink sockets exist only on Linux (platform ${platform})`);
  // Bun ends the process when an addon calls one of the libuv functions that it lacks.
  if (bun !== undefined) {
    throw new UnsupportedPlatformError(`Bun ${bun} lacks uv_poll_init, which the addon needs; use Node.js or Deno`);
  }
  const file = find();
  try {
    return nodeModule.createRequire(file)(file) as NativeAddon;
  } catch (error) {
    const reason = refusedPermission(error) ?? (error instanceof Error ? error.message.split('\n', 1)[0]! : String(error));
    throw new UnsupportedPlatformError(`the native addon cannot be loaded (${file}): ${reason}`, error);
  }
}
