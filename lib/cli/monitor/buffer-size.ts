import { UsageError } from '../run/usage-error.js';

/**
 * The receive queue of each socket. It is a limit, no memory is set aside: while the reader of a pipe is slow, the messages wait in it.
 * Without CAP_NET_ADMIN the kernel limits it further (`net.core.rmem_max`).
 */
const DEFAULT_SIZE = 64 << 20;

/** The kernel doubles the size, and keeps it in a signed number of 32 bits. */
const LARGEST_SIZE = 2 ** 30 - 1;

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, M: 1 << 20 };

/** Returns the size that the option `--buffer` names, in bytes. */
export function bufferSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SIZE;
  const [, number, unit = ''] = /^(\d+)([kM]?)$/.exec(text) ?? [];
  const size = Number(number) * (UNITS[unit] ?? NaN);
  if (size > 0 && size <= LARGEST_SIZE) return size;
  throw new UsageError(`monitor: --buffer ${text} is not a size; expected bytes, at most 1023M, such as 262144, 256k or 16M`);
}
