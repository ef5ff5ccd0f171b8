// webpack replaces calls of an imported `createRequire`; it leaves a method of the default export alone.
import nodeModule from 'node:module';

import { UnsupportedPlatformError } from '../../errors/index.js';
import { findAddon } from './find-addon.js';
import { refusedPermission } from './refused-permission.js';

/** A step of opening that failed, and why. @internal */
export interface OpenFailure {
  readonly step: 'memory' | 'thread' | 'setns' | 'socket' | 'bind' | 'watch';
  readonly errno: number;
}

/**
 * The addon's socket. It knows numbers only; one below zero that a method returns is an errno.
 *
 * Until `start` it reads nothing, and is closed when JavaScript loses it; from then on it stays until `close`.
 *
 * @internal
 */
export interface NativeSocket {
  readonly portId: number;
  readonly fd: number;
  /** True where `exchange` has met a loss that `receive` is still to tell of. */
  readonly lossAhead: boolean;
  /** How many reads the thread pool has done for it, ahead of JavaScript. */
  readonly readsAhead: number;
  open(protocol: number, portId: number, netns: number | undefined): OpenFailure | undefined;
  start(receive: (slab: ArrayBuffer) => void): boolean;
  send(bytes: Uint8Array, length: number, portId: number, groups: number): number;
  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined | number;
  /** Reads what the event loop would read next; undefined if nothing is queued, while paused and before `start`. */
  readNow(): ArrayBuffer | undefined;
  /** Waits, at most so many milliseconds, for ever where below zero, and reads; only before `start`. Undefined when the time was up. */
  wait(timeout: number): ArrayBuffer | undefined | number;
  setOption(level: number, option: number, value: number): number;
  /** Fills in a value of one word or more. Returns how many bytes there are, which may be more than there is room for. */
  getOption(level: number, option: number, value: Uint32Array): number;
  setFilter(program: Uint8Array | null): number;
  setRef(ref: boolean): void;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Tells when a process ends, once; does not keep its own process alive. @internal */
export interface ProcessWatch {
  /** Returns 0 or a negative errno: -3 (ESRCH) where there is no such process. */
  start(processId: number, onExit: () => void): number;
  close(): void;
}

/** Numbers of `SOL_SOCKET` and its options, which differ between architectures. @internal */
export interface SocketConstants {
  readonly SocketLevel: number;
  readonly ReceiveBuffer: number;
  readonly ReceiveBufferForce: number;
  readonly SendBuffer: number;
  readonly SendBufferForce: number;
  readonly MemoryInfo: number;
}

/** What the addon exports. @internal */
export interface NativeAddon {
  readonly constants: SocketConstants;
  readonly Socket: new (datagramSize: number) => NativeSocket;
  readonly ProcessWatch: new () => ProcessWatch;
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
 * Loads the addon. It is not loaded before the first socket opens, so that an import works on every system.
 *
 * @param host - Overrides parts of the running system.
 * @throws {@link UnsupportedPlatformError} when there is no addon for this system, or it cannot be loaded.
 * @internal
 */
export function loadAddon(host: Partial<AddonHost> = {}): NativeAddon {
  const { find, platform, bun } = { ...thisHost, ...host };
  if (platform !== 'linux') throw new UnsupportedPlatformError(`netlink sockets exist on Linux only (platform ${platform})`);
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
