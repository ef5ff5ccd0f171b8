import { bytesNumber, numberBytes, wrongValue, type DataType } from './data-type.js';
import { integerType } from './integers.js';

/** Bytes of a name in a register. */
const NAME_BYTES = 16;
/** Bytes of a text without its NUL: `IFNAMSIZ` is 16. */
const NAME_LENGTH = NAME_BYTES - 1;

const plainText = (value: string): string => value.replace(/\\\*$/, '*');

/**
 * Names of network interfaces.
 *
 * A `*` at the end stands for any rest, as in `eth*`: `nameInterval` parses that. `\*` at the end is the character itself.
 */
const ifname: DataType = {
  name: 'ifname',
  number: 41,
  bits: NAME_BYTES * 8,
  bytes: NAME_BYTES,
  order: 'host',
  isFlags: false,
  hasRanges: false,
  parse(value, path) {
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(plainText(value)) > NAME_LENGTH || value.includes('\0'))
      throw wrongValue(path, `a name of 1 to ${NAME_LENGTH} bytes`, value);
    const bytes = Buffer.alloc(NAME_BYTES);
    bytes.write(plainText(value));
    return bytes;
  },
  print: (bytes) => readName(bytes).replace(/\*$/, '\\*'),
};

function readName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString();
}

/** Returns the first and the last name that `eth*` matches; undefined if the text has no `*` at its end. @internal */
export function nameInterval(value: unknown): { readonly from: Buffer; readonly to: Buffer; readonly prefix: number } | undefined {
  if (typeof value !== 'string' || value.length < 2 || !value.endsWith('*') || value.endsWith('\\*')) return undefined;
  const prefix = Buffer.from(value.slice(0, -1));
  if (prefix.length > NAME_LENGTH) return undefined;
  const from = Buffer.alloc(NAME_BYTES);
  const to = Buffer.alloc(NAME_BYTES, 0xff);
  prefix.copy(from);
  prefix.copy(to);
  return { from, to, prefix: prefix.length * 8 };
}

/** Returns `eth*` for the bytes of its prefix. @internal */
export function namePrefix(bytes: Uint8Array): string {
  return `${readName(bytes)}*`;
}

/** Handles of classes of traffic: `1:10`, `none`, `root`. */
const classid: DataType = {
  ...integerType('classid', 23, 32, 'host'),
  parse(value, path) {
    if (value === 'none') return numberBytes(0, 4, 'host');
    if (value === 'root') return numberBytes(0xffff_ffff, 4, 'host');
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return numberBytes(value, 4, 'host');
    const [, major, minor] = (typeof value === 'string' && /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(value)) || [];
    if (major === undefined || minor === undefined || major + minor === '')
      throw wrongValue(path, "a handle such as '1:10', 'none' or 'root'", value);
    return numberBytes(Number.parseInt(major || '0', 16) * 0x1_0000 + Number.parseInt(minor || '0', 16), 4, 'host');
  },
  print(bytes) {
    const value = Number(bytesNumber(bytes, 'host'));
    if (value === 0) return 'none';
    if (value === 0xffff_ffff) return 'root';
    return `${Math.floor(value / 0x1_0000).toString(16)}:${(value % 0x1_0000).toString(16)}`;
  },
};

/** Indexes of network interfaces. Another interface than the loopback can have another index after a restart: `iifname` has its name. */
const ifaceIndex: DataType = {
  ...integerType('iface_index', 20, 32, 'host', { lo: 1 }),
  parse(value, path) {
    if (value === 'lo') return numberBytes(1, 4, 'host');
    const index = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index <= 0xffff_ffff) return numberBytes(index, 4, 'host');
    throw wrongValue(
      path,
      "'lo' or an index",
      value,
      typeof value === 'string' ? '; the kernel stores the index, and iifname or oifname match a name' : '',
    );
  },
};

/** Types whose values are texts, or numbers with a form of their own. @internal */
export const TEXT_TYPES: readonly DataType[] = [ifname, classid, ifaceIndex];
