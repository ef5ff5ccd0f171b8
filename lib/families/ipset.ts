import { KernelError } from '../errors/index.js';
import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { operationCodec } from '../schema/index.js';
import { MESSAGE_HEADER_SIZE, hostIsLittleEndian } from '../wire/index.js';
import { ipsetSchema, type IpsetFamily } from './generated/ipset.js';

export * from './generated/ipset.js';

/** The types of requests for entries: `IPSET_CMD_ADD` and `IPSET_CMD_DEL` of `NFNL_SUBSYS_IPSET`. */
const CHANGES = new Map([
  [0x609, 'add'],
  [0x60a, 'del'],
]);

const NO_EVENTS = 'the kernel has no multicast group for sets; list them again after a change';

/** Sets of addresses, ports, marks, interfaces and other sets. @public */
export const ipset: WatchableFamilyFactory<IpsetFamily, never> = watchableFamily(ipsetSchema, { list: NO_EVENTS, save: NO_EVENTS });

/**
 * Returns the entry that the kernel rejected, of a request of `add` or `del` with many entries.
 *
 * The kernel has executed the entries before it, and none of those after it.
 *
 * @param error - The error of the request.
 * @returns The `lineno` of the entry: its position in `adt.data`, from 1, if the request gave it no other. Undefined if the kernel rejected the request
 * itself, or if the value is another error.
 * @public
 */
export function rejectedEntry(error: unknown): number | undefined {
  if (!(error instanceof KernelError) || error.request === undefined) return undefined;
  const { request } = error;
  const operation = CHANGES.get(new DataView(request.buffer, request.byteOffset).getUint16(4, hostIsLittleEndian));
  if (operation === undefined) return undefined;
  const { lineno } = operationCodec(ipsetSchema, operation).decodeRequest(request.subarray(MESSAGE_HEADER_SIZE), 'do') as {
    readonly lineno?: number;
  };
  return lineno === 0 ? undefined : lineno;
}
