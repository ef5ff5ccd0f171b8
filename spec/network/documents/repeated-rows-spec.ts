import { expect } from 'chai';
import { finder } from '../../../lib/network/documents/plan/find-object.js';
import { atOnce } from '../../../lib/network/common/slices.js';
import type { TableModel } from '../../../lib/network/tables/table-model.js';

describe('finder', () => {
  const model = {
    slot: ({ to }: { readonly to?: unknown }) => String(to),
    matches: (object: { readonly to?: unknown }, { to }: { readonly to?: unknown }) => object.to === to,
  } as unknown as TableModel<object>;

  it('recognizes a row that a dump has repeated, and no other object of its slot', () => {
    const [first, repeated, other] = [
      { to: 'fd01::/64', metric: 1024 },
      { to: 'fd01::/64', metric: 1024 },
      { to: 'fd01::/64', metric: 7 },
    ];
    const { find, isRepeated } = atOnce(finder(model, [first, repeated, other]));
    expect(find({ to: 'fd01::/64' })).to.have.lengthOf(3);
    const kept = new Set([first]);
    expect([repeated, other].map((object) => isRepeated(object, kept))).to.deep.equal([true, false]);
  });
});
