import { closeSync, fstatSync, openSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Errno, NetlinkError } from '../../errors/index.js';
import type { NativeAddon } from './load-addon.js';
import { isVisible, refusedPermission } from './refused-permission.js';
import type { NamespaceHandle, NetworkNamespace } from '../transport/transport.js';

const NAMED = '/run/netns/';

/**
 * Opens a network namespace and watches for its deletion.
 *
 * The open descriptor keeps the namespace alive after `ip netns delete`, and the kernel reports nothing on it. So the name, or the
 * process, is watched.
 *
 * @param netns - A name, a path, a process, or a descriptor; a descriptor still belongs to the caller and is not watched.
 * @param onGone - Called once, when the name is deleted or replaced by another namespace, or when the process ends; never if the
 * system cannot watch it.
 * @throws NetlinkError if the namespace does not exist or may not be opened.
 * @internal
 */
export function openNativeNamespace(addon: NativeAddon, netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
  if (typeof netns === 'object' && 'fd' in netns) return { descriptor: netns.fd, close: () => undefined };
  const path = typeof netns === 'object' ? `/proc/${netns.pid}/ns/net` : netns.includes('/') ? netns : NAMED + netns;
  const descriptor = openNamespaceFile(path);
  const stopWatching = typeof netns === 'object' ? watchProcess(addon, netns.pid, onGone) : watchName(path, descriptor, onGone);
  return {
    descriptor,
    close: () => {
      stopWatching();
      closeSync(descriptor);
    },
  };
}

/**
 * Opens the file of a network namespace.
 *
 * @throws NetlinkError of the operation `open`, with the reason.
 * @internal
 */
export function openNamespaceFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { errno, code } = error as NodeJS.ErrnoException;
    const reason = refusedPermission(error) ?? openingFault(error as NodeJS.ErrnoException, path);
    throw new NetlinkError(`${code} open: network namespace ${path}: ${reason}`, { errno, code, operation: 'open', cause: error });
  }
}

function openingFault({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (code === 'ENOENT') return missingReason(path);
  return code === 'EACCES' || code === 'EPERM' ? deniedReason(path) : message;
}

/** Returns the reason why the file of a network namespace does not exist. */
function missingReason(path: string): string {
  if (!path.startsWith('/proc/')) return 'no namespace has that name; see `ip netns list`';
  return isVisible('/proc/self')
    ? 'the process does not exist'
    : 'no proc filesystem is mounted at /proc; mount one, or pass { fd } or a name';
}

/** proc_ns_get_link(): ptrace_may_access() of the process. */
function deniedReason(path: string): string {
  return /^\/proc\/\d+\/ns\//.test(path) ? 'needs CAP_SYS_PTRACE for a process of another user' : 'this process may not open it';
}

function watchProcess(addon: NativeAddon, processId: number, onGone: () => void): () => void {
  const watcher = new addon.ProcessWatch();
  // ESRCH: the process ended before it was watched.
  const gone = watcher.start(processId, onGone) === -Errno.ESRCH ? setImmediate(onGone) : undefined;
  return () => {
    clearImmediate(gone);
    watcher.close();
  };
}

function watchName(path: string, descriptor: number, onGone: () => void): () => void {
  // inotify reports no deletions in /proc.
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

/** Watches a folder. Returns undefined if it may not, or if the limit of inotify is reached; the socket still opens. */
function watchFolder(folder: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, (_, changed) => onChange(changed));
  } catch {
    return undefined;
  }
}
