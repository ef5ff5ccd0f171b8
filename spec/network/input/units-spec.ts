import { expect } from 'chai';
import { NetworkError } from '../../../lib/network/common/network-error.js';
import { parsePercent, parseRate, parseSize, parseTime } from '../../../lib/network/units/index.js';

type Case = readonly [text: string, value: number];

const VALID: readonly (readonly [name: string, parse: (text: string) => number, cases: readonly Case[]])[] = [
  [
    'parseTime',
    parseTime,
    [
      ['250us', 0.25],
      ['10ms', 10],
      ['1.5s', 1500],
      ['5m', 300_000],
      ['1h', 3_600_000],
      ['0ms', 0],
      ['0.3us', 0.0003],
    ],
  ],
  [
    'parseRate',
    parseRate,
    [
      ['64bit', 64],
      ['2400kbit', 2_400_000],
      ['100mbit', 100_000_000],
      ['1.5gbit', 1_500_000_000],
      ['1tbit', 1e12],
      ['1kibit', 1024],
      ['1gibit', 2 ** 30],
    ],
  ],
  [
    'parseSize',
    parseSize,
    [
      ['1600b', 1600],
      ['10kib', 10_240],
      ['1mib', 1_048_576],
      ['0.5gib', 2 ** 29],
    ],
  ],
  [
    'parsePercent',
    parsePercent,
    [
      ['0.5%', 0.005],
      ['100%', 1],
      ['0%', 0],
    ],
  ],
];

const INVALID: readonly (readonly [parse: (text: string) => number, text: unknown, message: string])[] = [
  [
    parseRate,
    '10Mbit',
    "'10Mbit' is not a rate; expected a number and a unit (bit, kbit, mbit, gbit, tbit, kibit, mibit, gibit); write '10mbit'",
  ],
  [parseRate, '10 mbit', "write '10mbit'"],
  [parseRate, 'fast', "gibit), such as '100mbit'"],
  [parseTime, '10', "'10' has no unit; expected us, ms, s, m, h, such as '10ms'"],
  [parseTime, '10 ms', "'10 ms' is not a duration"],
  [parseTime, '-1s', "'-1s' is not a duration"],
  [parseTime, '1e3s', "'1e3s' is not a duration"],
  [parseTime, '10msx', "the unit 'msx'"],
  [parseTime, 10, 'expected text with a unit such as'],
  [parseTime, '99999999999999999h', 'out of range'],
  [parseRate, '10mbps', "'10mbps' is ambiguous: bps means bytes to tc and bits to others"],
  [parseRate, '10bps', 'ambiguous'],
  [parseRate, '10m', "the unit 'm'"],
  [parseSize, '10kb', "'10kb' is ambiguous: it means 1,000 or 1,024"],
  [parseSize, '10k', 'ambiguous'],
  [parsePercent, '101%', 'out of range'],
  [parsePercent, '1', 'has no unit; expected %'],
];

describe('units', () => {
  for (const [name, parse, cases] of VALID) {
    for (const [text, value] of cases) {
      it(`${name} reads '${text}' as ${value}`, () => {
        expect(parse(text)).to.equal(value);
      });
    }
  }

  for (const [parse, text, message] of INVALID) {
    it(`${parse.name} rejects ${JSON.stringify(text)}`, () => {
      expect(() => parse(text as string))
        .to.throw(NetworkError, message)
        .with.property('reason', 'invalid');
    });
  }
});
