import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalBits, NO_LENGTH } from '../../../lib/network/fields/canonical-address.js';
import { fuzzParameters } from '../../support/fuzz.js';

const DIGITS = '0123456789abcdefABF:./% ';

/** The parts of an address, with many zeros and ones in it. */
const group = fc.oneof(fc.constant(0), fc.constant(0), fc.constantFrom(1, 0x8000, 0xffff, 0x10, 0xabc), fc.nat({ max: 0xffff }));
const octet = fc.oneof(fc.constant(0), fc.constantFrom(1, 128, 255, 10), fc.nat({ max: 255 }));

/** The texts of URL: WHATWG serialises IPv6 as RFC 5952 recommends, and IPv4 as four decimal numbers. */
function textOf(host: string): string | undefined {
  try {
    return new URL(`foo://[${host}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** The position behind the last one of the bits. */
function lastOne(parts: readonly number[], width: number): number {
  return (
    parts
      .map((part) => part.toString(2).padStart(width, '0'))
      .join('')
      .lastIndexOf('1') + 1
  );
}

/** The leading bits with all ones of an address that is written as readers return it; -1 for another text. */
function usedBits(address: string): number {
  const bits = canonicalBits(address);
  expect(bits < 0 ? -1 : bits & NO_LENGTH, address).to.equal(bits < 0 ? -1 : NO_LENGTH);
  expect(canonicalBits(`${address}/24`), address).to.equal(bits < 0 ? -1 : (bits & ~NO_LENGTH) | 24);
  return bits < 0 ? -1 : bits >> 8;
}

describe('canonicalBits: the ones of an address that is written as readers return it', () => {
  it('counts them in IPv4 addresses', () => {
    fc.assert(
      fc.property(fc.array(octet, { minLength: 4, maxLength: 4 }), (parts) => {
        const text = parts.join('.');
        expect(usedBits(text), text).to.equal(lastOne(parts, 8));
      }),
      fuzzParameters(2000),
    );
  });

  it('counts them in IPv6 addresses, except in forms that it leaves to the parser', () => {
    let counted = 0;
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (parts) => {
        const text = textOf(parts.map((part) => part.toString(16)).join(':'))!;
        const bits = usedBits(text);
        const isOther = text.startsWith('::') || /(^|:)0:0(:|$)|::0(:|$)|(^|:)0::/.test(text);
        expect(bits, text).to.equal(isOther ? -1 : lastOne(parts, 16));
        if (!isOther) counted++;
      }),
      fuzzParameters(2000),
    );
    expect(counted).to.be.above(100);
  });

  it('accepts no text that readers would write in another way', () => {
    const digit = fc.constantFrom(...Array.from(DIGITS));
    const text = fc.oneof(
      fc.array(digit, { maxLength: 12 }).map((digits) => digits.join('')),
      fc
        .array(
          fc.oneof(
            group.map((part) => part.toString(16)),
            fc.constant(''),
            fc.constant('00'),
            fc.constant('0ab'),
          ),
          { maxLength: 9 },
        )
        .map((parts) => parts.join(':')),
    );
    fc.assert(
      fc.property(text, (address) => {
        if (canonicalBits(address) < 0) return;
        const [host, ...length] = address.split('/') as [string, ...string[]];
        expect(host.includes(':') ? textOf(host) : host.split('.').map(Number).join('.')).to.equal(host);
        expect(length.map((digits) => String(Number(digits)))).to.deep.equal(length);
      }),
      fuzzParameters(5000),
    );
  });

  for (const text of [
    '',
    '1',
    '1.2.3',
    '1.2.3.',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1::2::3',
    'fd00:',
    'fd00:::',
    ':1:2',
    'FD00::1',
    '1::%2',
  ])
    it(`leaves '${text}' to the parser`, () => {
      expect(usedBits(text)).to.equal(-1);
    });

  it('reads a prefix length without a leading zero, up to the most that is valid', () => {
    const lengths = ['0', '8', '32', '33', '128', '129', '08', '', '1a', '+1', '1000', ' 1', '255', '8/8'];
    const read = (address: string): readonly number[] =>
      lengths.map((text) => {
        const bits = canonicalBits(`${address}/${text}`);
        return bits < 0 ? -1 : bits & NO_LENGTH;
      });
    expect(read('fd00::1')).to.deep.equal([0, 8, 32, 33, 128, ...Array<number>(9).fill(-1)]);
    expect(read('10.0.0.1')).to.deep.equal([0, 8, 32, ...Array<number>(11).fill(-1)]);
  });
});
