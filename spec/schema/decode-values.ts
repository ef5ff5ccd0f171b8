import { type AttributeSchema, type FamilySchema } from '../../lib/schema/index.js';
import { host } from '../support/host-order.js';
import { attribute, cstring, tlv } from './schemas.js';

const be = { byteOrder: 'big' } as const;
const colours = {
  name: 'colours',
  kind: 'enum',
  entries: [
    ['red', 0],
    ['green', 1],
    ['blue', 300],
  ],
} as const;
const large = {
  name: 'large',
  kind: 'enum',
  entries: [
    ['huge', 2n ** 63n],
    ['one', 1],
  ],
} as const;
const pair = {
  name: 'pair',
  size: 7,
  members: [
    { name: 'a', property: 'a', type: 'u8', offset: 0, size: 1 },
    { name: 'p', property: '', type: 'pad', offset: 1, size: 1 },
    { name: 'b', property: 'b', type: 'u32', offset: 2, size: 4, ...be },
    { name: 'c', property: 'c', type: 's8', offset: 6, size: 1 },
  ],
} as const;
/** Its list begins at an odd place. */
const listed = {
  name: 'listed',
  size: 17,
  members: [
    { name: 'a', property: 'a', type: 'u8', offset: 0, size: 1 },
    { name: 'list', property: 'list', type: 'binary', element: { type: 'u64' }, offset: 1, size: 16 },
  ],
} as const;
/** The structs, sets and enums of the values below. */
export const more: Partial<FamilySchema> = {
  enums: [colours, large],
  structs: [pair, listed],
  sets: [{ name: 'inner', attributes: [attribute(1, 'x', { type: 'u8' }), attribute(2, 'again', { type: 'nest', set: 'inner' })] }],
};

/** Payloads of one attribute, and the values that they decode to. */
export const VALUES: readonly [
  title: string,
  schema: Omit<AttributeSchema, 'id' | 'name' | 'property'>,
  payload: number[],
  value: unknown,
][] = [
  ['u8', { type: 'u8' }, [200], 200],
  ['s8', { type: 's8' }, [200], -56],
  ['u16', { type: 'u16' }, host(1, 128), 0x8001],
  ['u16, big-endian', { type: 'u16', ...be }, [128, 1], 0x8001],
  ['s16', { type: 's16' }, host(254, 255), -2],
  ['s16, big-endian', { type: 's16', ...be }, [255, 254], -2],
  ['u32 beyond 2^31', { type: 'u32' }, host(1, 0, 0, 255), 0xff000001],
  ['u32, big-endian', { type: 'u32', ...be }, [255, 0, 0, 1], 0xff000001],
  ['s32', { type: 's32' }, host(255, 255, 255, 255), -1],
  ['u64', { type: 'u64' }, host(1, 0, 0, 0, 0, 0, 0, 128), 0x8000000000000001n],
  ['u64, big-endian', { type: 'u64', ...be }, [128, 0, 0, 0, 0, 0, 0, 1], 0x8000000000000001n],
  ['s64', { type: 's64' }, host(254, 255, 255, 255, 255, 255, 255, 255), -2n],
  ['uint of 4 bytes', { type: 'uint' }, host(255, 255, 255, 255), 0xffffffffn],
  ['uint of 8 bytes', { type: 'uint' }, host(0, 0, 0, 0, 1, 0, 0, 0), 0x100000000n],
  ['sint of 4 bytes', { type: 'sint' }, host(255, 255, 255, 255), -1n],
  ['sint of 8 bytes', { type: 'sint' }, host(254, 255, 255, 255, 255, 255, 255, 255), -2n],
  ['enum', { type: 'u32', enum: 'colours' }, host(44, 1, 0, 0), 'blue'],
  ['enum, unknown number', { type: 'u32', enum: 'colours' }, host(2, 0, 0, 0), 2],
  ['enum of 64 bits', { type: 'u64', enum: 'large' }, host(0, 0, 0, 0, 0, 0, 0, 128), 'huge'],
  ['enum of 64 bits, unknown number', { type: 'u64', enum: 'large' }, host(2, 0, 0, 0, 0, 0, 0, 0), 2n],
  ['flags stay numbers', { type: 'u32', flags: 'colours' }, host(1, 0, 0, 0), 1],
  ['hint hex stays a number', { type: 'u32', hint: 'hex' }, host(1, 0, 0, 0), 1],
  ['string', { type: 'string' }, cstring('eth0'), 'eth0'],
  ['string without NUL', { type: 'string' }, [101, 116], 'et'],
  ['string up to its first NUL', { type: 'string' }, [101, 0, 116, 0], 'e'],
  ['empty string', { type: 'string' }, [], ''],
  ['string beyond ASCII', { type: 'string' }, cstring('Gerät 漢'), 'Gerät 漢'],
  ['flag', { type: 'flag' }, [], true],
  ['binary', { type: 'binary' }, [1, 2, 3], Uint8Array.of(1, 2, 3)],
  ['address of 4 bytes', { type: 'binary', hint: 'ipv6' }, [192, 0, 2, 1], '192.0.2.1'],
  ['address of 16 bytes', { type: 'binary', hint: 'ipv4' }, [32, 1, 13, 184, ...new Array<number>(11).fill(0), 1], '2001:db8::1'],
  ['address of 6 bytes', { type: 'binary', hint: 'ipv4-or-v6' }, [2, 0, 0, 0, 0, 255], '02:00:00:00:00:ff'],
  ['address in a u32', { type: 'u32', hint: 'ipv4', ...be }, [192, 0, 2, 1], '192.0.2.1'],
  ['address of a u32, 16 bytes', { type: 'u32', hint: 'ipv4' }, [...new Array<number>(15).fill(0), 1], '::1'],
  ['link-layer address of 8 bytes', { type: 'binary', hint: 'mac' }, [1, 2, 3, 4, 5, 6, 7, 8], '01:02:03:04:05:06:07:08'],
  ['uuid', { type: 'binary', hint: 'uuid' }, Array.from({ length: 16 }, (_, at) => 16 * at), '00102030-4050-6070-8090-a0b0c0d0e0f0'],
  ['bitfield32', { type: 'bitfield32' }, [...host(1, 0, 0, 0), ...host(3, 0, 0, 0)], { value: 1, selector: 3 }],
  ['struct', { type: 'binary', struct: 'pair' }, [1, 9, 0, 0, 0, 2, 255], { a: 1, b: 2, c: -1 }],
  ['struct that is longer than described', { type: 'binary', struct: 'pair' }, [1, 9, 0, 0, 0, 2, 255, 7, 7], { a: 1, b: 2, c: -1 }],
  [
    'structs at odd places',
    { type: 'binary', struct: 'pair', repeated: true },
    [1, 9, 0, 0, 0, 2, 255, 3, 9, 0, 0, 0, 4, 0],
    [
      { a: 1, b: 2, c: -1 },
      { a: 3, b: 4, c: 0 },
    ],
  ],
  ['array of scalars', { type: 'binary', element: { type: 'u16', ...be } }, [0, 1, 1, 0], [1, 256]],
  [
    'array of u64',
    { type: 'binary', element: { type: 'u64' } },
    [...host(1, 0, 0, 0, 0, 0, 0, 128), ...host(0, 0, 0, 0, 0, 0, 0, 0), ...host(0, 0, 0, 0, 1, 0, 0, 0)],
    [0x8000000000000001n, 0n, 0x100000000n],
  ],
  ['array of s64', { type: 'binary', element: { type: 's64' } }, host(254, 255, 255, 255, 255, 255, 255, 255), [-2n]],
  [
    'array of u64 at an odd place',
    { type: 'binary', struct: 'listed' },
    [7, ...host(1, 0, 0, 0, 0, 0, 0, 128), ...host(0, 0, 0, 0, 2, 0, 0, 0)],
    { a: 7, list: [0x8000000000000001n, 0x200000000n] },
  ],
  ['array of u64, big-endian', { type: 'binary', element: { type: 'u64', ...be } }, [0, 0, 0, 0, 0, 0, 1, 2], [258n]],
  ['array of names', { type: 'binary', element: { type: 'u8', enum: 'colours' } }, [0, 1, 2], ['red', 'green', 2]],
  ['nest', { type: 'nest', set: 'inner' }, tlv(1, 7), { x: 7 }],
  ['nest in a nest', { type: 'nest', set: 'inner' }, tlv(0x8002, ...tlv(0x8002)), { again: { again: {} } }],
  [
    'nest behind a header',
    { type: 'nest', set: 'inner', struct: 'pair' },
    [1, 9, 0, 0, 0, 2, 255, 0, ...tlv(1, 7)],
    { a: 1, b: 2, c: -1, x: 7 },
  ],
  [
    'ordered nest',
    { type: 'ordered-nest', set: 'inner' },
    [...tlv(1, 7), ...tlv(2, ...tlv(1, 8)), ...tlv(1, 9), ...tlv(1, 7)],
    [{ x: 7 }, { again: { x: 8 } }, { x: 9 }, { x: 7 }],
  ],
  ['ordered nest without attributes', { type: 'ordered-nest', set: 'inner' }, [], []],
  ['indexed array', { type: 'indexed-array', element: { type: 'u8' } }, [...tlv(1, 5), ...tlv(2, 6)], [5, 6]],
  [
    'nest-type-value',
    { type: 'nest-type-value', typeValue: ['p', 'q'], element: { type: 'nest', set: 'inner' } },
    [...tlv(3, ...tlv(4, ...tlv(1, 7)), ...tlv(5))],
    [
      { p: 3, q: 4, x: 7 },
      { p: 3, q: 5 },
    ],
  ],
  ['type-value on a scalar', { type: 'nest-type-value', typeValue: ['id'], element: { type: 'u8' } }, tlv(3, 9), [{ id: 3, value: 9 }]],
];

/** Payloads that do not fit the schema: the decoder keeps them and continues. */
export const MISFITS: readonly [title: string, schema: Omit<AttributeSchema, 'id' | 'name' | 'property'>, payload: number[]][] = [
  ['u32 of 2 bytes', { type: 'u32' }, [1, 0]],
  ['u8 of 4 bytes', { type: 'u8' }, [1, 0, 0, 0]],
  ['uint of 2 bytes', { type: 'uint' }, [1, 0]],
  ['flag with a payload', { type: 'flag' }, [1]],
  ['struct cut short', { type: 'binary', struct: 'pair' }, [1, 9, 0, 0, 0, 2]],
  ['address of 5 bytes', { type: 'binary', hint: 'ipv4' }, [1, 2, 3, 4, 5]],
  ['uuid of 4 bytes', { type: 'binary', hint: 'uuid' }, [1, 2, 3, 4]],
  ['half a scalar in an array', { type: 'binary', element: { type: 'u16' } }, [1, 2, 3]],
  ['half a 64-bit scalar in an array', { type: 'binary', element: { type: 'u64' } }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ['bitfield32 of 4 bytes', { type: 'bitfield32' }, [1, 2, 3, 4]],
  ['indexed array of another width', { type: 'indexed-array', element: { type: 'u8' } }, tlv(1, 5, 5)],
  ['number without a meaning', { type: 'unused' }, [1]],
];
