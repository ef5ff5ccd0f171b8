import { readFileSync } from 'node:fs';
import { lastValueFrom } from 'rxjs';
import { nlctrl } from '../../lib/families/nlctrl.js';
import { KernelError, NetlinkError } from '../../lib/index.js';
import type { SocketOption, TransportConnection } from '../../lib/socket/transport/transport.js';
import { skipBecause } from './unavailable.js';

/*
 * Features that only some kernels have. Each is found by a question to the kernel, never by the version: distributions add
 * features to old kernels.
 */

/** Returns true if the kernel reads a socket option back. Linux 6.1 sets NETLINK_LISTEN_ALL_NSID, but does not read it. */
export function isReadable(connection: TransportConnection, option: SocketOption): boolean {
  try {
    connection.getOption(option);
    return true;
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENOPROTOOPT') return false;
    throw error;
  }
}

/** Skips a spec if a network namespace lacks a generic family. */
export async function needsFamily(context: Mocha.Context, familyName: string, netns: string): Promise<void> {
  using client = nlctrl({ netns });
  try {
    await lastValueFrom(client.do('getfamily', { familyName }));
  } catch (error) {
    if (error instanceof KernelError && error.code === 'ENOENT') skipBecause(context, `this kernel has no generic family ${familyName}`);
    throw error;
  }
}

/** Skips a spec if the kernel has no function of this name. A kernel without a list of its functions skips nothing. */
export function needsFunction(context: Mocha.Context, name: string, feature: string): void {
  const symbols = readFileSync('/proc/kallsyms', 'utf8');
  if (symbols.includes(' netlink_rcv_skb') && !symbols.includes(` ${name}`))
    skipBecause(context, `this kernel has no ${feature} (${name})`);
}

/** Skips a spec if the kernel rejects a request with the given error. */
export async function needsRequest(context: Mocha.Context, feature: string, code: string, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (error instanceof KernelError && error.code === code) skipBecause(context, `this kernel has no ${feature}`, error);
    throw error;
  }
}
