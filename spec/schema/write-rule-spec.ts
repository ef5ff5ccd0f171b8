import { expect } from 'chai';
import { operationCodec, type AttributeSchema, type FamilySchema, type OperationMode } from '../../lib/schema/index.js';
import { attribute, family, tlv } from './schemas.js';

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
];
const times = { name: 'times', size: 4, members: [{ name: 'left', property: 'left', type: 's32' as const, offset: 0, size: 4 }] };
const header = {
  name: 'head',
  size: 4,
  members: [{ name: 'state', property: 'state', ...u8, offset: 0, size: 1, write: { mask: 0xf0 } }],
};
const sample: FamilySchema = family(rules, {
  structs: [times, header],
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
    ['drops bits of 64-bit numbers', { long: 7n }, tlv(9, 3, 0, 0, 0, 0, 0, 0, 0)],
    ['writes a value beside the one that it needs', { plain: 1, flags: 2 }, [...tlv(1, 1), ...tlv(5, 2)]],
    ['omits a value without the one that it needs', { flags: 2 }, []],
    ['omits a value beside the one that replaces it', { plain: 1, device: 2 }, tlv(1, 1)],
    ['writes a value without the one that replaces it', { plain: undefined, device: 2 }, tlv(6, 2)],
    ['writes another property instead, rounded up', { times: { left: 101 } }, tlv(8, 2)],
    ['keeps the other property if it is given', { times: { left: 101 }, expires: 9 }, tlv(8, 9)],
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

  it('do not apply to what a kernel sends, nor to dumps', () => {
    const row = { plain: 1, count: 3, timeout: 0, bits: 3, device: 2, state: 0x5f };
    const whole = [0x5f, 0, 0, 0, ...tlv(1, 1), ...tlv(2, 3), ...tlv(3, 0), ...tlv(4, 3), ...tlv(6, 2)];
    expect(encode(row, 'reply')).to.deep.equal(whole);
    expect(encode(row, 'dump')).to.deep.equal(whole);
  });
});
