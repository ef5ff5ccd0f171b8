import { expect } from 'chai';
import fc from 'fast-check';
import { matchRules } from '../../../lib/network/firewall/plan/match-rules.js';

/** The length of a longest common subsequence, by the table of all prefixes. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const row = b.map(() => 0);
  for (const first of a) {
    let diagonal = 0;
    for (const [index, second] of b.entries()) {
      const above = row[index]!;
      row[index] = first === second ? diagonal + 1 : Math.max(above, row[index - 1] ?? 0);
      diagonal = above;
    }
  }
  return row.at(-1) ?? 0;
}

const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });

describe('matchRules', () => {
  it('lets as many rules stay as a longest common subsequence has', () => {
    fc.assert(
      fc.property(keys, keys, (wanted, found) => {
        const { staying } = matchRules(wanted, found);
        expect(staying.size).to.equal(commonLength(wanted, found));
      }),
    );
  });

  it('pairs equal rules only, each once, and those that stay in order', () => {
    fc.assert(
      fc.property(keys, keys, (wanted, found) => {
        const { found: pairs, staying } = matchRules(wanted, found);
        const places = pairs.filter((place) => place !== undefined);
        expect(new Set(places).size).to.equal(places.length);
        for (const [index, place] of pairs.entries()) if (place !== undefined) expect(found[place]).to.equal(wanted[index]);
        const kept = [...staying].sort((a, b) => a - b).map((index) => pairs[index]!);
        expect(kept).to.deep.equal([...kept].sort((a, b) => a - b));
      }),
    );
  });

  it('pairs as many rules as both lists have of each key', () => {
    const { found, staying } = matchRules(['a', 'b', 'a', 'c'], ['c', 'a', 'a']);
    expect(found).to.deep.equal([1, undefined, 2, 0]);
    expect([...staying]).to.deep.equal([0, 2]);
  });

  it('pairs thousands of equal rules without weighing all pairs', () => {
    const many = Array.from({ length: 3000 }, () => 'x');
    expect(matchRules(many, many).staying.size).to.equal(3000);
  });
});
