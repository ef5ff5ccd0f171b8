import { checkBoolean, checkInteger } from '../../check/index.js';
import type { FamilyOptions } from '../../client/index.js';

/** The most bytes of a packet that a netlink attribute holds. */
const LARGEST_COPY = 0xffff - 4;

/** Options that log groups and queues share, beside those of the socket. @public */
export interface PacketOptions extends FamilyOptions {
  /**
   * The number of bytes of each packet to copy, from its network header on; 0 copies only the properties.
   * @defaultValue the whole packet
   */
  readonly copyRange?: number;
  /** True to report the connection of each packet (`ct`, `ctInfo`). @defaultValue false */
  readonly conntrack?: boolean;
}

/** The receive queue of a socket for packets: the default size holds only about a hundred. */
const RECEIVE_BUFFER_SIZE = 4 << 20;

/** Returns the options of the socket. @internal */
export function socketOptionsOf(options: FamilyOptions): FamilyOptions {
  return { receiveBufferSize: RECEIVE_BUFFER_SIZE, ...options };
}

/** Returns the number of a group or queue. @throws RangeError, TypeError if it is not one. @internal */
export function checkNumber(name: string, number: number): number {
  return checkInteger(`${name}: number`, number, 0, 0xffff);
}

/** Checks the options that log groups and queues share, and returns the copy mode. @internal */
export function copyMode(name: string, { copyRange, conntrack }: PacketOptions): { copyMode: 'meta' | 'packet'; copyRange: number } {
  if (conntrack !== undefined) checkBoolean(`${name}: option conntrack`, conntrack);
  if (copyRange === undefined) return { copyMode: 'packet', copyRange: LARGEST_COPY };
  checkInteger(`${name}: option copyRange`, copyRange, 0, LARGEST_COPY);
  return { copyMode: copyRange === 0 ? 'meta' : 'packet', copyRange };
}
