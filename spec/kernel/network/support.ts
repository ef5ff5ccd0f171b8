import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { MessageFlags } from '../../../lib/wire/index.js';
import type { TraceEvent } from '../../../lib/socket/session/trace.js';
import { isNetworkError, type NetworkError, type NetworkReason } from '../../../lib/network/common/network-error.js';
import type { Namespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { Unavailable } from '../../support/unavailable.js';

/** Message types of rtnetlink come in fours: new, delete, get, set (uapi/linux/rtnetlink.h). */
const GET = 2;

/** The reason of a skip before Linux 6.2. */
const RENAMES_DOWN = 'this kernel renames a link only while it is down';

/** True on a kernel that may be older than the specs. Elsewhere, a setting that the kernel lacks is a fault of the library. */
export const MAY_LACK: boolean = (process.env['RXNETLINK_OTHER_KERNEL'] ?? '') !== '';

/** Returns an error that skips the spec instead, if it is of a feature that an older kernel lacks. */
export function orUnavailable(error: unknown): unknown {
  if (!MAY_LACK || !isNetworkError(error)) return error;
  const { message: detail } = error;
  if (/cannot change link \S+: .*\(EBUSY\)/.test(detail)) return new Unavailable(RENAMES_DOWN, { detail });
  const [limit] = /this kernel (?:ignored \S+|[^(;]*[^ (;])/.exec(detail) ?? [];
  return limit === undefined ? error : new Unavailable(limit, { detail });
}

/** Runs a verb, checks that it emits exactly one value, and returns that. Skips the spec if an older kernel lacks a feature of it. */
export async function one<T>(verb: Observable<T>): Promise<T> {
  const values = await lastValueFrom(verb.pipe(toArray())).catch((error: unknown) => {
    throw orUnavailable(error);
  });
  expect(values).to.have.length(1);
  return values[0]!;
}

/** Runs a verb that must fail with a reason, and returns the error. */
export async function failure(verb: Observable<unknown>, reason: NetworkReason): Promise<NetworkError> {
  try {
    await lastValueFrom(verb);
  } catch (error) {
    if (!isNetworkError(error, reason)) throw error;
    return error;
  }
  throw new Error(`the verb succeeded; expected an error with reason ${reason}`);
}

/** Renames a link that is up, which Linux can since 6.2. Skips the spec if an older kernel refuses. */
export function renameUp(namespace: Namespace, from: string, to: string): void {
  try {
    namespace.ip(`link set ${from} name ${to}`);
  } catch (error) {
    if (MAY_LACK && /resource busy/.test(String(error))) throw new Unavailable(RENAMES_DOWN);
    throw error;
  }
}

/** A request of rtnetlink that a socket sent. */
export interface Sent {
  /** The message type: RTM_NEWLINK is 16. */
  readonly type: number;
  readonly isDump: boolean;
}

/** Calls a listener for each rtnetlink request that any socket sends; returns a function that ends it. */
export function onSend(listener: (sent: Sent) => void): () => void {
  const receive = (event: unknown): void => {
    const { message, protocol } = event as TraceEvent;
    if (protocol !== 0 || message === undefined || message.type < 16) return;
    listener({ type: message.type, isDump: (message.type & 3) === GET && (message.flags & MessageFlags.Dump) === MessageFlags.Dump });
  };
  subscribe('rxnetlink:send', receive);
  return () => void unsubscribe('rxnetlink:send', receive);
}

/** Runs a function and returns the number of writing rtnetlink requests that any socket sent meanwhile. */
export async function countWrites(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const end = onSend(({ type }) => {
    if ((type & 3) !== GET) count++;
  });
  try {
    await run();
  } finally {
    end();
  }
  return count;
}

/** Waits until a condition is true; fails after some seconds. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 5000 * PATIENCE;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('the condition did not become true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs a tool that prints JSON, such as `ip -d -j link`, in a namespace. */
export function shown<T = Record<string, unknown>>(namespace: Namespace, line: string): readonly T[] {
  const [program, ...args] = line.split(' ');
  const output = namespace.run(program!, ...args);
  // `ip` prints nothing for an empty table.
  return output.trim() === '' ? [] : (JSON.parse(output) as T[]).filter((entry) => Object.keys(entry as object).length > 0);
}
