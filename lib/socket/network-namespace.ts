import { closeSync, openSync } from 'node:fs';
import { NetlinkError } from '../errors/index.js';
import type { NetworkNamespace } from './transport.js';

const NAMED = '/run/netns/';

/**
 * The network namespace of a socket and its siblings.
 *
 * It is looked up when the first of them opens and kept until the last has closed, so that all of them are in the same
 * one, whatever happens to the name meanwhile. Nobody moves there: the transport opens the descriptor on a thread of its own.
 *
 * @internal
 */
export class NamespaceReference {
  readonly #netns: NetworkNamespace | undefined;
  #descriptor: number | undefined;
  #users = 0;

  constructor(netns: NetworkNamespace | undefined) {
    this.#netns = netns;
  }

  /** The file that stands for it; undefined where it is the caller's own or given as a descriptor. */
  get path(): string | undefined {
    const netns = this.#netns;
    if (netns === undefined || (typeof netns === 'object' && 'fd' in netns)) return undefined;
    if (typeof netns === 'object') return `/proc/${netns.pid}/ns/net`;
    return netns.includes('/') ? netns : NAMED + netns;
  }

  /**
   * Gets a descriptor of it for one more open socket.
   *
   * @returns undefined for the caller's own namespace.
   * @throws NetlinkError if there is no such namespace or it may not be looked at.
   */
  acquire(): number | undefined {
    const netns = this.#netns;
    if (typeof netns === 'object' && 'fd' in netns) return netns.fd;
    const { path } = this;
    if (path === undefined) return undefined;
    this.#descriptor ??= openNamespace(path);
    this.#users++;
    return this.#descriptor;
  }

  /** Says that a socket which acquired it has closed. */
  release(): void {
    if (this.#descriptor === undefined || --this.#users > 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function openNamespace(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { errno, code } = error as NodeJS.ErrnoException;
    const advice = code === 'ENOENT' ? 'there is none of that name; see `ip netns list`' : 'it cannot be opened';
    throw new NetlinkError(`${code} open: network namespace ${path}: ${advice}`, { errno, code, operation: 'open', cause: error });
  }
}
