import { expect } from 'chai';
import fc from 'fast-check';
import { decodeRepeatedText } from '../../lib/wire/internal.js';

const decode = (bytes: Uint8Array) => decodeRepeatedText(bytes, 0, bytes.length);
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe('decodeRepeatedText', () => {
  it('decodes each of more texts than its table has slots, twice, in turn', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `veth${String(index)}`);
    for (let round = 0; round < 2; round++) {
      for (const name of names) expect(decode(bytesOf(name))).to.equal(name);
    }
  });

  it('decodes any bytes as TextDecoder does, without the NULs at their end', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    // Few different bytes, so that texts share slots.
    const byte = fc.constantFrom(0x61, 0x62, 0x80, 0xc3, 0xa9, 0xff);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(byte, { maxLength: 5 }), fc.nat(3), (any, few, zeros) => {
        for (const text of [any, Uint8Array.from(few)]) {
          const expected = decoder.decode(text).replace(/\0+$/, '');
          const bytes = Uint8Array.from([7, ...text, ...new Array<number>(zeros).fill(0), 7]);
          expect(decodeRepeatedText(bytes, 1, bytes.length - 1)).to.equal(expected);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('does not confuse a text with the bytes that its UTF-16 units resemble', () => {
    // Some of these pairs share a slot of the table.
    for (let first = 0x80; first < 0x100; first++) {
      for (let second = 0x80; second < 0x100; second++) {
        const text = String.fromCharCode(first, second);
        expect(decode(bytesOf(text))).to.equal(text);
        expect(decode(Uint8Array.of(first, second))).not.to.equal(text);
      }
    }
  });
});
