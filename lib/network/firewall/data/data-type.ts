import { hostIsLittleEndian } from '../../../wire/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';

/** The order of the bytes of a number in a register: of this machine, or of the network. @internal */
export type DataOrder = 'host' | 'network';

/**
 * A data type of nftables: the form of a value in registers and in the keys of sets.
 *
 * The kernel knows lengths only. Names and numbers are those of the program `nft`, which needs them to print a set.
 *
 * @internal
 */
export interface DataType {
  /** nft's name: `ipv4_addr`. */
  readonly name: string;
  /** nft's number, in `keyType` and `dataType` of a set. */
  readonly number: number;
  /** Bits of a value; 6 of a `dscp`. */
  readonly bits: number;
  /** Bytes of a value: its bits, rounded up. */
  readonly bytes: number;
  readonly order: DataOrder;
  /** True if a value is a set of flags: `established,related`. */
  readonly isFlags: boolean;
  /** True if values have an order, so that there are ranges of them. */
  readonly hasRanges: boolean;
  /** Converts a value into its bytes. @throws FieldError */
  parse(value: unknown, path: string): Buffer;
  /** Converts bytes into a value that `parse` accepts. */
  print(bytes: Uint8Array): string | number;
}

const swaps = (order: DataOrder): boolean => order === 'host' && hostIsLittleEndian;

/** Writes a number in the order of a data type. @internal */
export function numberBytes(value: bigint | number, bytes: number, order: DataOrder): Buffer {
  const buffer = Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(2 * bytes, '0'),
    'hex',
  );
  return swaps(order) ? buffer.reverse() : buffer;
}

/** Reads a number in the order of a data type. @internal */
export function bytesNumber(bytes: Uint8Array, order: DataOrder): bigint {
  const buffer = Buffer.from(bytes);
  const text = (swaps(order) ? buffer.reverse() : buffer).toString('hex');
  return text === '' ? 0n : BigInt(`0x${text}`);
}

/** Converts a value between its own order and the order of the network; of host order, the two differ on a little-endian machine. @internal */
export function inNetworkOrder({ order }: Pick<DataType, 'order'>, bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  return swaps(order) ? buffer.reverse() : buffer;
}

/** Returns the error for a value that a data type does not accept. @internal */
export function wrongValue(path: string, expected: string, value: unknown, hint = ''): FieldError {
  return new FieldError(path, `expected ${expected}, not ${shown(value)}${hint}`);
}

/** Returns true if a value is a number in the order of the machine, which must be converted before it is compared by size. @internal */
export function isHostNumber({ name, order, bytes }: DataType): boolean {
  return order === 'host' && bytes > 1 && name !== 'ifname' && name !== 'string';
}
