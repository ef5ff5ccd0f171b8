import { expect } from 'chai';
import { FieldError } from '../../lib/network/common/field-error.js';
import { isNetworkError } from '../../lib/network/common/network-error.js';
import { handle, handleText, parseHandle } from '../../lib/network/traffic/handle.js';

/** Texts of tc, and the numbers of uapi/linux/pkt_sched.h. */
const HANDLES: readonly (readonly [text: string, number: number])[] = [
  ['1:', 0x1_0000],
  ['1:30', 0x1_0030],
  ['8001:', 0x8001_0000],
  ['ffff:', 0xffff_0000],
  ['ffff:fff1', 0xffff_fff1],
  ['ffff:ffff', 0xffff_ffff],
  ['0:', 0],
  ['0:1', 1],
];

describe('handles of traffic control', () => {
  for (const [text, number] of HANDLES) {
    it(`translates ${text} both ways`, () => {
      expect(parseHandle(text)).to.equal(number);
      expect(handleText(number)).to.equal(text);
    });
  }

  it('accepts other spellings of a handle and returns the one of tc', () => {
    expect(handle('0001:00AB', 'handle')).to.equal('1:ab');
    expect(handle('1:0', 'handle')).to.equal('1:');
  });

  for (const wrong of ['', '1', ':', ':1', '1:2:3', '10000:', '1:12345', 'g:', '0x1:', ' 1:', 65_536, null, undefined]) {
    it(`rejects ${JSON.stringify(wrong)}`, () => {
      expect(() => parseHandle(wrong as string))
        .to.throw('expected a handle of hexadecimal numbers')
        .that.satisfies((error: unknown) => isNetworkError(error, 'invalid'));
      expect(() => handle(wrong, 'parent'))
        .to.throw(FieldError)
        .with.property('path', 'parent');
    });
  }
});
