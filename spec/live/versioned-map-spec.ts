import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { VersionedMap } from '../../lib/live/internal.js';
import { fuzzParameters } from '../support/fuzz.js';

const OBJECT = { name: 'a key by identity' };
/** Keys that a Map compares in its own way: NaN equals itself, 0 equals -0, objects by identity. */
const KEYS: readonly unknown[] = [...Array(40).keys(), -0, Number.NaN, 'a', '1', '', 1n, OBJECT, { ...OBJECT }, undefined, null, true];

type Step = readonly ['set' | 'delete' | 'snapshot', number, number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('set' as const, 'set' as const, 'delete' as const, 'snapshot' as const),
  fc.nat(KEYS.length - 1),
  fc.nat(),
);

/** Compares everything that a ReadonlyMap offers. */
function compare(actual: ReadonlyMap<unknown, unknown>, expected: ReadonlyMap<unknown, unknown>): void {
  assert.equal(actual.size, expected.size);
  assert.deepEqual([...actual], [...expected]);
  assert.deepEqual([...actual.entries()], [...expected]);
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  assert.deepEqual([...actual.values()], [...expected.values()]);
  for (const key of [...KEYS, 'absent']) {
    assert.equal(actual.has(key), expected.has(key));
    assert.equal(actual.get(key), expected.get(key));
  }
}

describe('VersionedMap', () => {
  it('equals a Map after random changes, and its earlier snapshots equal copies of the Map at their time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), (steps) => {
        const map = new VersionedMap<unknown, unknown>();
        const model = new Map<unknown, unknown>();
        const versions: [ReadonlyMap<unknown, unknown>, ReadonlyMap<unknown, unknown>][] = [];
        for (const [operation, index, value] of steps) {
          const key = KEYS[index];
          if (operation === 'set') {
            // undefined is a value as any other.
            map.set(key, value % 5 === 0 ? undefined : value);
            model.set(key, value % 5 === 0 ? undefined : value);
          } else if (operation === 'delete') assert.equal(map.delete(key), model.delete(key));
          else versions.push([map.snapshot(), new Map(model)]);
          assert.equal(map.size, model.size);
          assert.equal(map.get(key), model.get(key));
        }
        versions.push([map.snapshot(), model]);
        for (const [actual, expected] of versions) compare(actual, expected);
      }),
      fuzzParameters(),
    );
  });

  it('equals a Map of a size that needs several levels of the tree', () => {
    const map = new VersionedMap<unknown, unknown>();
    const model = new Map<unknown, unknown>();
    const versions: [ReadonlyMap<unknown, unknown>, ReadonlyMap<unknown, unknown>][] = [];
    for (let index = 0; index < 40_000; index++) {
      const [key, gone] = [(index * 7919) % 35_000, (index * 104_729) % 35_000];
      map.set(key, index);
      model.set(key, index);
      if (index % 3 === 0) assert.equal(map.delete(gone), model.delete(gone));
      if (index % 4096 === 0) versions.push([map.snapshot(), new Map(model)]);
    }
    versions.push([map.snapshot(), model]);
    for (const [actual, expected] of versions) compare(actual, expected);
  });

  it('returns the same snapshot until the next change', () => {
    const map = new VersionedMap<string, number>();
    map.set('a', 1);
    const first = map.snapshot();
    expect(map.delete('b')).to.equal(false);
    expect(map.snapshot()).to.equal(first);
    map.set('a', 1);
    expect(map.snapshot()).to.not.equal(first);
  });

  it('keeps no more than as many deleted slots as there are entries, and a few', () => {
    const map = new VersionedMap<number, number>();
    for (let index = 0; index < 100; index++) map.set(index, index);
    // A key that comes and goes takes a slot each time.
    for (let round = 0; round < 10_000; round++) {
      map.delete(7);
      map.set(7, round);
    }
    const { length } = map.snapshot() as unknown as { readonly length: number };
    expect(length).to.be.within(100, 2 * 100 + 64 + 1);
  });

  it('has snapshots that print as a Map, copy to one, call back with themselves, and that comparisons distinguish', () => {
    const map = new VersionedMap<string, number>();
    map.set('a', 1);
    const one = map.snapshot();
    map.set('a', 2);
    const two = map.snapshot();
    expect(inspect(one)).to.equal("Map(1) { 'a' => 1 }");
    expect(new Map(one)).to.deep.equal(new Map([['a', 1]]));
    expect(one).to.deep.equal(new Map([['a', 1]]));
    expect(one).to.not.deep.equal(two);
    assert.notDeepStrictEqual(one, two);
    const seen: unknown[] = [];
    one.forEach(function (this: unknown, ...all) {
      seen.push(this, ...all);
    }, 'this');
    expect(seen.slice(1, 3)).to.deep.equal([1, 'a']);
    expect(seen[3]).to.equal(one);
  });
});
