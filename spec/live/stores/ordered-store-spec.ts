import { expect } from 'chai';
import { OrderedStore, type LiveDifference } from '../../../lib/live/index.js';

interface Route {
  readonly table: string;
  readonly dst: string;
  readonly via: number;
  readonly hops?: readonly { readonly link: number }[];
}

const store = (rows: readonly Route[]): OrderedStore<Route> => {
  const filled = new OrderedStore<Route>({ group: ({ table }) => table, key: ({ dst }) => dst, rule: (present) => present });
  filled.fill(rows);
  return filled;
};

/** Creates the store of a reading that follows another state of the table. */
const reading = (rows: readonly Route[], previous: OrderedStore<Route>): OrderedStore<Route> => {
  const read = store([]);
  for (const row of rows) read.add(row, previous);
  return read;
};

const route = (dst: string, via: number, hops?: Route['hops']): Route => ({ table: 'main', dst, via, ...(hops && { hops }) });

/** Applies differences to a list, and fails if one names an object that the list lacks. */
function applied(rows: readonly Route[], differences: readonly LiveDifference<Route>[]): Route[] {
  const list = [...rows];
  for (const difference of differences) {
    const before = difference.type === 'changed' ? difference.previous : difference.value;
    const at = list.indexOf(before);
    if (difference.type === 'added') list.push(difference.value);
    else {
      expect(at, `${difference.type} ${JSON.stringify(before)}`).to.be.at.least(0);
      list.splice(at, 1, ...(difference.type === 'changed' ? [difference.value] : []));
    }
  }
  return list;
}

const sorted = (rows: readonly Route[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('OrderedStore', () => {
  it('emits differences that lead from one table to the next, by rows, by a newer store and by a reading', () => {
    let state = 1;
    const next = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % limit;
    };
    const table = (): Route[] => {
      const rows = Array.from({ length: next(12) }, () => route(`d${next(6)}`, next(3), next(2) === 0 ? undefined : [{ link: next(2) }]));
      return rows.filter((row, at) => rows.findIndex((other) => JSON.stringify(other) === JSON.stringify(row)) === at);
    };
    let changes = 0;
    for (let round = 0; round < 500; round++) {
      const before = table();
      const after = table();
      const differences = store(before).replace(after);
      expect(sorted(applied(before, differences))).to.deep.equal(sorted(after));
      expect(store(before).replaceBy(store(after))).to.deep.equal(differences);
      const kept = store(before);
      const read = reading(after, kept);
      expect(read.entries()).to.deep.equal(store(after).entries());
      expect(sorted(applied(before, kept.replaceBy(read)))).to.deep.equal(sorted(after));
      expect(sorted(kept.entries())).to.deep.equal(sorted(after));
      changes += differences.length;
    }
    expect(changes).to.be.greaterThan(1000);
  });

  it('emits nothing for equal rows, and keeps the names of those that share a key', () => {
    const read = (): Route[] => [route('a', 1), route('b', 1), route('b', 2), route('b', 3, [{ link: 4 }])];
    const first = read();
    const kept = store(first);
    const names = first.map((row) => kept.keyOf(row));
    expect(new Set(names).size).to.equal(4);
    const second = read();
    expect(kept.replaceBy(store(second))).to.deep.equal([]);
    expect(second.map((row) => kept.keyOf(row))).to.deep.equal(names);
    // The second one keeps its number, although it is the only one left.
    const last = route('b', 2);
    expect(kept.replace([route('a', 1), last]).map(({ type }) => type)).to.deep.equal(['removed', 'removed']);
    const again = route('b', 2);
    expect(kept.replace([route('a', 1), again])).to.deep.equal([]);
    expect(kept.keyOf(again)).to.equal(names[2]);
  });

  it('keeps the objects that a reading finds equal, wherever they are in it', () => {
    const first = ['a', 'b', 'c', 'd'].map((dst) => route(dst, 1));
    const kept = store(first);
    const second = [route('d', 1), route('a', 1), route('b', 2), route('e', 1), route('c', 1)];
    const read = reading(second, kept);
    const expected = [first[3], first[0], second[2], second[3], first[2]];
    expect(read.entries().map((entry, at) => entry === expected[at])).to.deep.equal([true, true, true, true, true]);
    expect(kept.replaceBy(read)).to.deep.equal([
      { type: 'changed', value: second[2], previous: first[1], properties: ['via'] },
      { type: 'added', value: second[3] },
    ]);
  });

  it('keeps the name of an object when a reading that is not used gives it a neighbour', () => {
    const rows = [1, 2, 3].map((via) => route('a', via));
    const last = rows[2]!;
    const kept = store(rows);
    kept.replace([last]);
    const name = kept.keyOf(last);
    const read = reading([route('a', 4), route('a', 3)], kept);
    expect(kept.keyOf(last)).to.equal(name);
    kept.replaceBy(read);
    expect(read.entries().map((row) => kept.keyOf(row))).to.deep.equal(['main a', name]);
  });

  it('sees a property that only one of two rows has, also an undefined one', () => {
    const before = { ...route('a', 1), hops: undefined } as unknown as Route;
    const after = { ...route('a', 1), weight: 2 };
    const kept = store([before]);
    expect(kept.replace([after])).to.deep.equal([{ type: 'changed', value: after, previous: before, properties: ['weight', 'hops'] }]);
    const nested = (hop: object): Route => ({ ...route('b', 1), hops: [hop as { readonly link: number }] });
    expect(
      store([nested({ a: undefined })])
        .replace([nested({ b: 1 })])
        .map(({ type }) => type),
    ).to.deep.equal(['changed']);
  });

  it('sees a property that appears or disappears', () => {
    const kept = store([route('a', 1)]);
    const longer = route('a', 1, [{ link: 1 }]);
    expect(kept.replace([longer])).to.deep.equal([{ type: 'changed', value: longer, previous: route('a', 1), properties: ['hops'] }]);
    const shorter = route('a', 1);
    expect(kept.replace([shorter])).to.deep.equal([{ type: 'changed', value: shorter, previous: longer, properties: ['hops'] }]);
  });
});
