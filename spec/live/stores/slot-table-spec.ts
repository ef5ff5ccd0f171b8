import { expect } from 'chai';
import { SlotTable } from '../../../lib/live/stores/slot-table.js';

interface Row {
  readonly group: string;
  readonly key: string;
  readonly number: number;
}

const table = (shared?: (row: Row, others: readonly Row[]) => void): SlotTable<Row> =>
  new SlotTable<Row>({ group: ({ group }) => group, key: ({ key }) => key }, shared);

/** A generator of numbers below a limit, which are the same in each run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

const nameOf = ({ group, key }: Row): string => `${group} ${key}`;

describe('SlotTable', () => {
  it('holds what a Map holds, in the order of insertion, after many changes', () => {
    const next = numbers(7);
    const slots = table();
    const expected = new Map<string, readonly Row[]>();
    for (let step = 0; step < 20_000; step++) {
      const row = { group: `g${next(3)}`, key: `k${next(400)}`, number: step };
      const held = expected.get(nameOf(row)) ?? [];
      expect(slots.get(row)).to.deep.equal(held);
      const objects = next(3) === 0 ? [] : next(3) === 0 ? [...held, row] : [row];
      slots.set(row, objects);
      if (objects.length === 0) expected.delete(nameOf(row));
      else expected.set(nameOf(row), objects);
    }
    expect([...slots.slots()]).to.deep.equal([...expected.values()]);
    expect(slots.objects()).to.deep.equal([...expected.values()].flat());
  });

  it('distinguishes equal keys of two groups, and keys of one hash', () => {
    const slots = table(() => expect.fail('no slot is shared'));
    const rows = ['a', 'b'].flatMap((group) => ['', 'x', 'xx'].map((key, number) => ({ group, key, number })));
    slots.fill(rows);
    for (const row of rows) expect(slots.get(row)).to.deep.equal([row]);
    // FNV-1a with this start gives both the same 32 bits.
    const [one, other] = collision();
    slots.fill([one, other].map((key, number) => ({ group: 'a', key, number })));
    expect(slots.get({ group: 'a', key: one, number: 0 })).to.deep.equal([{ group: 'a', key: one, number: 0 }]);
    expect(slots.get({ group: 'a', key: other, number: 0 })).to.deep.equal([{ group: 'a', key: other, number: 1 }]);
  });

  it('lists a slot of more objects than a call can have arguments', () => {
    const slots = table();
    const rows = Array.from({ length: 200_000 }, (_, number) => ({ group: 'a', key: 'x', number }));
    slots.set(rows[0]!, rows);
    expect(slots.objects()).to.have.length(rows.length);
  });

  it('holds the rows of a reading as a Map does, whatever is read, changed and removed between them', () => {
    const next = numbers(11);
    let previous = table();
    for (let round = 0; round < 20; round++) {
      const slots = table();
      const expected = new Map<string, readonly Row[]>();
      for (let step = 0; step < 5000; step++) {
        const row = { group: `g${next(2)}`, key: `k${next(6000)}`, number: next(2) };
        const held = expected.get(nameOf(row)) ?? [];
        const choice = next(200);
        if (choice === 0) expect(slots.get(row)).to.deep.equal(held);
        if (choice === 1) {
          slots.set(row, []);
          expected.delete(nameOf(row));
        } else {
          slots.add(row, previous);
          expected.set(nameOf(row), [...held, row]);
        }
      }
      expect(slots.objects()).to.deep.equal([...expected.values()].flat());
      const gone = slots.compare(previous, (before, after) => {
        expect(before).to.deep.equal(previous.get(after[0]!));
        expect(after).to.deep.equal(expected.get(nameOf(after[0]!)));
      });
      expect(gone).to.deep.equal([...previous.slots()].filter(([first]) => !expected.has(nameOf(first!))));
      previous = slots;
    }
  });

  it('adds rows to slots that were empty before, and passes the others of a slot', () => {
    const shared: unknown[] = [];
    const slots = table((added, others) => shared.push([added, others]));
    const row = (key: string, number: number): Row => ({ group: 'a', key, number });
    slots.set(row('gone', 0), [row('gone', 0)]);
    slots.set(row('held', 1), [row('held', 1)]);
    slots.set(row('gone', 2), []);
    slots.fill([row('held', 3), row('new', 4), row('new', 5), row('gone', 6)]);
    expect(slots.objects()).to.deep.equal([row('held', 1), row('new', 4), row('new', 5), row('gone', 6)]);
    expect(shared).to.deep.equal([[row('new', 5), [row('new', 4)]]]);
  });
});

/** Finds two keys with the same FNV-1a, as group 0 starts it, by the birthday paradox. */
function collision(): [string, string] {
  const seen = new Map<number, string>();
  for (let number = 0; ; number++) {
    const key = String(number);
    let hash = 0x811c9dc5;
    for (const character of key) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    const other = seen.get(hash);
    if (other !== undefined) return [other, key];
    seen.set(hash, key);
  }
}
