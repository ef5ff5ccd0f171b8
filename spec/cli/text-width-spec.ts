import { expect } from 'chai';
import stringWidth from 'string-width';
import { cutOff, textWidth } from '../../lib/cli/output/text-width.js';

/** The width of characters that Unicode has not assigned is not settled. */
const UNASSIGNED = /[\p{Cn}\p{Co}\p{Cs}]/u;

describe('the width of text on a terminal', () => {
  it('is that of string-width for each character', () => {
    const different: string[] = [];
    // The large blocks of ideographs are sampled.
    for (let code = 0; code <= 0x10_ffff; code += (code > 0x3400 && code < 0xa000) || code > 0x2_0000 ? 61 : 1) {
      const character = String.fromCodePoint(code);
      if (!UNASSIGNED.test(character) && textWidth(character) !== stringWidth(character)) different.push(code.toString(16));
    }
    expect(different).to.deep.equal([]);
  }).timeout(60_000);

  for (const text of ['eth0', '網路0', '👨‍👩‍👧', '🇩🇪', 'e\u0301', '\u1100\u1161', '❤️', '❤', '1️⃣', '\u200b', '']) {
    it(`is that of string-width: ${JSON.stringify(text)}`, () => {
      expect(textWidth(text)).to.equal(stringWidth(text));
    });
  }

  it('cuts text off between characters', () => {
    expect([0, 1, 2, 3, 4, 5].map((room) => cutOff('網路', room))).to.deep.equal(['', '…', '…', '網…', '網路', '網路']);
    expect(cutOff('e\u0301e\u0301e\u0301', 2)).to.equal('e\u0301…');
  });
});
