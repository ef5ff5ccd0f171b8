import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { UnsupportedPlatformError } from '../errors/index.js';

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

/** Finds the addon built for this machine below a package's folder. @internal */
export type AddonFinder = (packageFolder: string) => unknown;

const findBuilt: AddonFinder = (packageFolder) => {
  const find = createRequire(import.meta.url)('node-gyp-build') as AddonFinder;
  return find(packageFolder);
};

/**
 * Loads the addon; nothing of it is touched before somebody opens a socket, so that importing works everywhere.
 *
 * @param find - Who finds it.
 * @param platform - `process.platform`.
 * @throws {@link UnsupportedPlatformError} where there is none.
 * @internal
 */
export function loadAddon(find: AddonFinder = findBuilt, platform: string = process.platform): NativeAddon {
  if (platform !== 'linux') throw new UnsupportedPlatformError(`netlink sockets are Linux's alone, and this is ${platform}`);
  try {
    // By the package's own name: where this file ends up when the package is built is not its business.
    return find(dirname(createRequire(import.meta.url).resolve('rxnetlink/package.json'))) as NativeAddon;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
    throw new UnsupportedPlatformError(
      `no native addon for this machine (${reason}); build it with 'npm explore rxnetlink -- npm run build:native' (in a working copy: 'npm run build:native')`,
      error,
    );
  }
}
