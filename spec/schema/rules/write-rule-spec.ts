import { expect } from 'chai';
import { EncodeError } from '../../../lib/errors/index.js';
import { operationCodec, type AttributeSchema, type FamilySchema, type OperationMode } from '../../../lib/schema/index.js';
import { host } from '../../support/host-order.js';
import { attribute, family, tlv } from '../schemas.js';

const u8 = { type: 'u8' } as const;
const rules: readonly AttributeSchema[] = [
  attribute(1, 'plain', u8),
  attribute(2, 'count', { ...u8, write: { never: true } }),
  attribute(3, 'timeout', { ...u8, write: { notZero: true } }),
  attribute(4, 'bits', { ...u8, write: { mask: 1 } }),
  attribute(5, 'flags', { ...u8, write: { with: ['plain'] } }),
  attribute(6, 'device', { ...u8, write: { without: ['plain'] } }),
  attribute(7, 'times', { type: 'binary', struct: 'times', write: { instead: { property: 'expires', member: 'left', divisor: 100 } } }),
  attribute(8, 'expires', u8),
  attribute(9, 'long', { type: 'u64', write: { mask: 3 } }),
  attribute(10, 'version', { ...u8, write: { replace: [{ read: 0x31, written: 3 }] } }),
  attribute(11, 'list', { ...u8, write: { beside: { property: 'listMode', value: 3 } } }),
  attribute(12, 'listMode', u8),
  attribute(13, 'inherit', { ...u8, input: { type: 'flag' } }),
  attribute(14, 'settings', { type: 'binary', element: u8, input: { type: 'nest', set: 'settings' } }),
  attribute(15, 'master', u8),
  attribute(16, 'target', { ...u8, write: { add: 1 } }),
  attribute(17, 'probes', { ...u8, write: { omit: { value: 2, property: 'plain', values: ['ad', 4] } } }),
  attribute(18, 'shifts', { type: 'binary', write: { fill: { beside: ['shape'], size: 9, ramp: { to: 3, over: 4 } } } }),
  attribute(19, 'shape', { type: 'binary', struct: 'shape' }),
  attribute(20, 'rates', {
    type: 'binary',
    write: { fill: { beside: ['shape', 'rate'], size: 8, member: { path: ['shape', 'cell'], value: 3 } } },
  }),
  attribute(21, 'marks', { type: 'bitfield32', write: { alsoIn: ['shape', 'marks'] } }),
  attribute(22, 'group', { type: 'binary', hint: 'mac', write: { lastByte: { property: 'member', base: '01:15:4e:00:01' } } }),
  attribute(23, 'member', u8),
  attribute(24, 'role', { ...u8, write: { beside: { property: 'listMode', value: 1, without: ['plain'] } } }),
];
const shape = {
  name: 'shape',
  size: 4,
  members: ['rate', 'cell', 'marks'].map((name, offset) => ({ name, property: name, ...u8, offset, size: 1 })),
};
const times = { name: 'times', size: 4, members: [{ name: 'left', property: 'left', type: 's32' as const, offset: 0, size: 4 }] };
const header = {
  name: 'head',
  size: 4,
  members: [
    { name: 'state', property: 'state', ...u8, offset: 0, size: 1, write: { mask: 0xf0 } },
    { name: 'kind', property: 'kind', ...u8, offset: 1, size: 1, write: { bitsWith: { property: 'master', bits: 4 } } },
  ],
};
const more = {
  structs: [times, header, shape],
  sets: [{ name: 'settings', attributes: [attribute(1, 'first', u8), attribute(2, 'second', u8)] }],
};
const sample: FamilySchema = family(rules, {
  ...more,
  operations: [{ name: 'get', set: 'top', fixedHeader: 'head', do: { request: 1 }, dump: { request: 1 } }],
});
const encode = (value: object, mode?: OperationMode): number[] => Array.from(operationCodec(sample, 'get').encode(value, mode));
const HEAD = [0, 0, 0, 0];

describe('rules for what requests carry', () => {
  const cases: readonly [title: string, value: object, request: number[]][] = [
    ['omits what is only reported', { count: 3 }, []],
    ['omits a zero that the kernel refuses', { timeout: 0 }, []],
    ['writes other numbers than zero', { timeout: 4 }, tlv(3, 4)],
    ['drops bits that the kernel sets', { bits: 3 }, tlv(4, 1)],
    ['drops bits of 64-bit numbers', { long: 7n }, tlv(9, ...host(3, 0, 0, 0, 0, 0, 0, 0))],
    ['writes a value beside the one that it needs', { plain: 1, flags: 2 }, [...tlv(1, 1), ...tlv(5, 2)]],
    ['omits a value without the one that it needs', { flags: 2 }, []],
    ['omits a value beside the one that replaces it', { plain: 1, device: 2 }, tlv(1, 1)],
    ['writes a value without the one that replaces it', { plain: undefined, device: 2 }, tlv(6, 2)],
    ['writes another property instead, rounded up', { times: { left: 101 } }, tlv(8, 2)],
    ['keeps the other property if it is given', { times: { left: 101 }, expires: 9 }, tlv(8, 9)],
    ['adds what the kernel rounds down', { target: 7 }, tlv(16, 8)],
    ['omits a default beside a value that refuses it', { plain: 4, probes: 2 }, tlv(1, 4)],
    ['writes other numbers than the default there', { plain: 4, probes: 3 }, [...tlv(1, 4), ...tlv(17, 3)]],
    ['writes the default beside other values', { plain: 5, probes: 2 }, [...tlv(1, 5), ...tlv(17, 2)]],
    ['writes the default alone', { probes: 2 }, tlv(17, 2)],
    ['omits a time that is over', { times: { left: -5 } }, []],
  ];
  for (const [title, value, request] of cases) {
    it(title, () => {
      expect(encode(value, 'do')).to.deep.equal([...HEAD, ...request]);
    });
  }

  it('drops bits of a header field', () => {
    expect(encode({ state: 0x5f }, 'do')).to.deep.equal([0x50, 0, 0, 0]);
  });

  it('sets bits of a header field beside the property that needs them', () => {
    expect(encode({ master: 1, state: 0x10 }, 'do')).to.deep.equal([0x10, 4, 0, 0, ...tlv(15, 1)]);
    expect(encode({ master: 1, kind: 1 }, 'do')).to.deep.equal([0, 5, 0, 0, ...tlv(15, 1)]);
    expect(encode({ kind: 1 }, 'do')).to.deep.equal([0, 1, 0, 0]);
    expect(encode({ master: 1, kind: 1 }, 'reply')).to.deep.equal([0, 1, 0, 0, ...tlv(15, 1)]);
  });

  it('replaces some numbers by others', () => {
    expect(encode({ version: 0x31 }, 'do')).to.deep.equal([...HEAD, ...tlv(10, 3)]);
    expect(encode({ version: 4 }, 'do')).to.deep.equal([...HEAD, ...tlv(10, 4)]);
  });

  it('writes the attribute that a value needs beside it, if the caller omits it', () => {
    expect(encode({ list: 7 }, 'do')).to.deep.equal([...HEAD, ...tlv(12, 3), ...tlv(11, 7)]);
    expect(encode({ role: 7 }, 'do')).to.deep.equal([...HEAD, ...tlv(12, 1), ...tlv(24, 7)]);
    expect(encode({ role: 7, plain: 2 }, 'do')).to.deep.equal([...HEAD, ...tlv(24, 7), ...tlv(1, 2)]);
    expect(encode({ list: 7, listMode: 1 }, 'do')).to.deep.equal([...HEAD, ...tlv(11, 7), ...tlv(12, 1)]);
  });

  const RAMP = tlv(18, 0, 0, 1, 2, 3, 3, 3, 3, 3);
  const ZEROS = tlv(20, 0, 0, 0, 0, 0, 0, 0, 0);

  it('writes an omitted table beside the value that needs it', () => {
    expect(encode({ shape: { rate: 0 } }, 'do')).to.deep.equal([...HEAD, ...tlv(19, 0, 0, 0, 0), ...RAMP]);
    expect(encode({ shape: { rate: 9 } }, 'do')).to.deep.equal([...HEAD, ...tlv(19, 9, 3, 0, 0), ...RAMP, ...ZEROS]);
    expect(encode({ plain: 1 }, 'do')).to.deep.equal([...HEAD, ...tlv(1, 1)]);
  });

  it('keeps a table and a member that are given', () => {
    const shifts = Uint8Array.of(7);
    expect(encode({ shape: { rate: 9, cell: 5 }, shifts }, 'do')).to.deep.equal([...HEAD, ...tlv(19, 9, 5, 0, 0), ...tlv(18, 7), ...ZEROS]);
    expect(encode({ shape: { rate: 9 }, shifts, rates: shifts }, 'do')).to.deep.equal([
      ...HEAD,
      ...tlv(19, 9, 0, 0, 0),
      ...tlv(18, 7),
      ...tlv(20, 7),
    ]);
  });

  it('does not change the value that it completes', () => {
    const value = { shape: { rate: 9 } };
    encode(value, 'do');
    expect(value).to.deep.equal({ shape: { rate: 9 } });
  });

  it('writes bits once that are reported twice', () => {
    const bits = (member: number, value: number) =>
      encode({ shifts: Uint8Array.of(), shape: { marks: member }, marks: { value, selector: 15 } }, 'do');
    const written = (member: number, value: number) => [
      ...HEAD,
      ...tlv(18),
      ...tlv(19, 0, 0, member, 0),
      ...tlv(21, ...host(value, 0, 0, 0), ...host(15, 0, 0, 0)),
    ];
    expect(bits(1, 1)).to.deep.equal(written(0, 1));
    expect(bits(1, 9)).to.deep.equal(written(0, 9));
    expect(bits(5, 5)).to.deep.equal(written(0, 5));
    expect(bits(0, 4)).to.deep.equal(written(0, 4));
    // Bits that the attribute lacks are for the kernel to refuse.
    expect(bits(2, 1)).to.deep.equal(written(2, 1));
  });

  it('writes the last byte of an address whose others are fixed', () => {
    expect(encode({ group: '01:15:4E:00:01:2d' }, 'do')).to.deep.equal([...HEAD, ...tlv(23, 0x2d)]);
    expect(encode({ group: Uint8Array.of(1, 0x15, 0x4e, 0, 1, 9) }, 'do')).to.deep.equal([...HEAD, ...tlv(23, 9)]);
    expect(encode({ group: '01:15:4e:00:01:2d', member: 0x2d }, 'do')).to.deep.equal([...HEAD, ...tlv(23, 0x2d)]);
    const contradiction = '.group: "01:15:4e:00:01:2d" ends in 45, and member is 3; omit one of them';
    expect(() => encode({ group: '01:15:4e:00:01:2d', member: 3 }, 'do')).to.throw(EncodeError, contradiction);
    const refused = '"01:15:4e:00:02:2d" does not begin with 01:15:4e:00:01; the kernel accepts only one byte behind them';
    expect(() => encode({ group: '01:15:4e:00:02:2d' }, 'do')).to.throw(EncodeError, refused);
    expect(() => encode({ group: 'no address' }, 'do')).to.throw(EncodeError, '"no address" is not an address');
    expect(encode({ group: '01:15:4e:00:02:2d' }, 'reply')).to.deep.equal([...HEAD, ...tlv(22, 1, 0x15, 0x4e, 0, 2, 0x2d)]);
  });

  it('converts values of replies into the form of requests: a number into a flag, an array into attributes', () => {
    expect(encode({ inherit: 1 }, 'do')).to.deep.equal([...HEAD, ...tlv(13)]);
    expect(encode({ inherit: 0 }, 'do')).to.deep.equal(HEAD);
    expect(encode({ inherit: 1 }, 'reply')).to.deep.equal([...HEAD, ...tlv(13, 1)]);
    expect(encode({ settings: [5, 6, 7] }, 'do')).to.deep.equal([...HEAD, ...tlv(0x8000 | 14, ...tlv(1, 5), ...tlv(2, 6))]);
    expect(encode({ settings: [5, 6, 7] }, 'reply')).to.deep.equal([...HEAD, ...tlv(14, 5, 6, 7)]);
  });

  it('do not apply to messages of the kernel, to dumps, and to requests with a reply', () => {
    const row = { plain: 1, count: 3, timeout: 0, bits: 3, device: 2, state: 0x5f };
    const whole = [0x5f, 0, 0, 0, ...tlv(1, 1), ...tlv(2, 3), ...tlv(3, 0), ...tlv(4, 3), ...tlv(6, 2)];
    expect(encode(row, 'reply')).to.deep.equal(whole);
    expect(encode(row, 'dump')).to.deep.equal(whole);
    const ask = operationCodec(family(rules, { ...more, operations: [{ name: 'get', set: 'top', do: { request: 1, reply: 1 } }] }), 'get');
    expect(Array.from(ask.encode({ count: 3 }, 'do'))).to.deep.equal(tlv(2, 3));
  });
});
