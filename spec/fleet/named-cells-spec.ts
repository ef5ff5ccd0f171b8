import { expect } from 'chai';
import { NamedCells } from '../../lib/fleet/reader/named-cells.js';

describe('NamedCells', () => {
  it('returns a cell when its last host names another one, or none', () => {
    const cells = new NamedCells();
    for (const [host, cell, left] of [
      ['a', 3, undefined],
      ['b', 3, undefined],
      ['a', 3, undefined],
      ['a', 4, undefined],
      ['b', undefined, 3],
      ['b', undefined, undefined],
      ['a', 0, 4],
      ['b', 0, undefined],
      ['b', 5, undefined],
      ['a', 5, 0],
    ] as const)
      expect(cells.set(host, cell), `${host} ${String(cell)}`).to.equal(left);
  });
});
