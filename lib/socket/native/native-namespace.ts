import { closeSync, fstatSync, openSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { NetlinkError } from '../../errors/index.js';
import type { NativeAddon } from './load-addon.js';
import { isVisible, refusedPermission } from './refused-permission.js';
import type { NamespaceHandle, NetworkNamespace } from '../transport/transport.js';

const NAMED = '/run/netns/';

/** ESRCH: it ended between the opening and the watching. */
const NO_SUCH_PROCESS = -3;

/**
 * Opens a network namespace and watches for its end.
 *
 * A descriptor keeps a namespace alive: `ip netns delete` takes the name away and says nothing, so whoever goes by a name
 * (or a process) wants to be told when that is gone.
 *
 * @param netns - A name, a path, a process, or a descriptor; the latter stays its owner's and is not watched.
 * @param onGone - Called once, when the name has been deleted or given to another namespace, or the process has ended;
 * never where the system has no means left to watch it.
 * @throws NetlinkError if there is no such namespace or it may not be looked at.
 * @internal
 */
export function openNativeNamespace(addon: NativeAddon, netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
  if (typeof netns === 'object' && 'fd' in netns) return { descriptor: netns.fd, close: () => undefined };
  const path = typeof netns === 'object' ? `/proc/${netns.pid}/ns/net` : netns.includes('/') ? netns : NAMED + netns;
  const descriptor = openDescriptor(path);
  const stopWatching = typeof netns === 'object' ? watchProcess(addon, netns.pid, onGone) : watchName(path, descriptor, onGone);
  return {
    descriptor,
    close: () => {
      stopWatching();
      closeSync(descriptor);
    },
  };
}

function openDescriptor(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { errno, code } = error as NodeJS.ErrnoException;
    const reason = refusedPermission(error) ?? (code === 'ENOENT' ? absence(path) : 'it may not be opened by this process');
    throw new NetlinkError(`${code} open: network namespace ${path}: ${reason}`, { errno, code, operation: 'open', cause: error });
  }
}

/** Says why there is no file of a network namespace. */
function absence(path: string): string {
  if (!path.startsWith('/proc/')) return 'there is none of that name; see `ip netns list`';
  return isVisible('/proc/self')
    ? 'there is no such process'
    : 'no proc filesystem is mounted at /proc; mount one, or give { fd } or a name';
}

function watchProcess(addon: NativeAddon, processId: number, onGone: () => void): () => void {
  const watcher = new addon.ProcessWatch();
  const gone = watcher.start(processId, onGone) === NO_SUCH_PROCESS ? setImmediate(onGone) : undefined;
  return () => {
    clearImmediate(gone);
    watcher.close();
  };
}

function watchName(path: string, descriptor: number, onGone: () => void): () => void {
  // What lies in /proc and the like has no directory that says when something goes.
  if (path.startsWith('/proc/')) return () => undefined;
  const { ino } = fstatSync(descriptor);
  const name = basename(path);
  const watcher = watchFolder(dirname(path), (changed) => {
    if (changed !== null && changed !== name) return;
    if (statSync(path, { throwIfNoEntry: false })?.ino === ino) return;
    watcher?.close();
    onGone();
  });
  watcher?.on('error', () => watcher.close());
  return () => watcher?.close();
}

/** Undefined where it may not be watched, or where inotify has nothing left to give: no reason not to open a socket. */
function watchFolder(folder: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, (_, changed) => onChange(changed));
  } catch {
    return undefined;
  }
}
