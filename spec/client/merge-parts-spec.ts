import { expect } from 'chai';
import { EMPTY, Subject, concat, from, lastValueFrom, of, throwError, toArray } from 'rxjs';
import { mergeParts } from '../../lib/client/request/merge-parts.js';
import { nl80211Schema } from '../../lib/families/nl80211.js';
import { wireguardSchema } from '../../lib/families/wireguard.js';
import { Indexes } from '../../lib/index.js';
import type { MergeSchema } from '../../lib/schema/index.js';

const merged = (merge: MergeSchema, ...parts: object[]) => lastValueFrom(from(parts).pipe(mergeParts<object>(merge), toArray()));
const indexed = (indexes: number[], ...elements: object[]) =>
  Object.defineProperty(elements, Indexes, { value: indexes, configurable: true });
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('mergeParts', () => {
  const byName: MergeSchema = { key: ['name'], lists: [] };

  it('joins successive parts with the same key, and only those', async () => {
    const rows = await merged(byName, { name: 'a', x: 1 }, { name: 'a', y: 2 }, { name: 'b' }, { name: 'a', z: 3 });
    expect(rows).to.deep.equal([{ name: 'a', x: 1, y: 2 }, { name: 'b' }, { name: 'a', z: 3 }]);
  });

  it('emits an object when the next one begins, and the last one at completion', () => {
    const source = new Subject<object>();
    const seen: object[] = [];
    source.pipe(mergeParts(byName)).subscribe((row) => seen.push(row));
    source.next({ name: 'a' });
    expect(seen).to.deep.equal([]);
    source.next({ name: 'b' });
    expect(seen).to.deep.equal([{ name: 'a' }]);
    source.complete();
    expect(seen).to.deep.equal([{ name: 'a' }, { name: 'b' }]);
  });

  it('emits the pending object before an error', () => {
    const seen: unknown[] = [];
    concat(
      of({ name: 'a' }),
      throwError(() => 'broken'),
    )
      .pipe(mergeParts<object>(byName))
      .subscribe({ next: (row) => seen.push(row), error: (error: unknown) => seen.push(error) });
    expect(seen).to.deep.equal([{ name: 'a' }, 'broken']);
  });

  it('joins all messages to one object when there is no key', async () => {
    expect(await merged({ key: [], lists: [] }, { a: 1 }, { b: 2 }, { c: 3 })).to.deep.equal([{ a: 1, b: 2, c: 3 }]);
    expect(await lastValueFrom(EMPTY.pipe(mergeParts<object>({ key: [], lists: [] }), toArray()))).to.deep.equal([]);
  });

  it('keeps the first of a scalar, merges nests deeply, replaces a list without a rule', async () => {
    const rows = await merged(byName, { name: 'a', n: 1, nest: { x: 1, list: [1] } }, { name: 'a', n: 2, nest: { x: 2, y: 3, list: [2] } });
    expect(rows).to.deep.equal([{ name: 'a', n: 1, nest: { x: 1, y: 3, list: [2] } }]);
  });

  it('compares keys of bytes by their bytes', async () => {
    const merge: MergeSchema = { key: ['id'], lists: [] };
    expect((await merged(merge, { id: bytes(1, 2) }, { id: bytes(1, 2), x: 1 }, { id: bytes(1, 3) })).length).to.equal(2);
  });

  it('appends elements of a list', async () => {
    const merge: MergeSchema = { key: ['name'], lists: [{ path: ['list'], by: 'append' }] };
    expect(await merged(merge, { name: 'a', list: [1] }, { name: 'a', list: [1, 2] })).to.deep.equal([{ name: 'a', list: [1, 1, 2] }]);
  });

  it('merges elements of the same index on the wire, and keeps the indexes', async () => {
    const merge: MergeSchema = {
      key: ['name'],
      lists: [
        { path: ['bands'], by: 'index' },
        { path: ['bands', '*', 'frequencies'], by: 'append' },
      ],
    };
    const [row] = (await merged(
      merge,
      { name: 'phy0', bands: indexed([0], { rates: 4 }) },
      { name: 'phy0', bands: indexed([0], { frequencies: [2412] }) },
      { name: 'phy0', bands: indexed([0, 3], { frequencies: [2417] }, { rates: 8 }) },
    )) as { bands: object[] & { [Indexes]?: number[] } }[];
    expect([...row!.bands]).to.deep.equal([{ rates: 4, frequencies: [2412, 2417] }, { rates: 8 }]);
    expect(row!.bands[Indexes]).to.deep.equal([0, 3]);
  });

  it('merges with the last element of equal property, such as a peer that continues in the next message', async () => {
    const merge: MergeSchema = {
      key: ['ifindex'],
      lists: [
        { path: ['peers'], by: { property: 'publicKey' } },
        { path: ['peers', '*', 'allowedips'], by: 'append' },
      ],
    };
    const [one, two] = [bytes(1), bytes(2)];
    const rows = await merged(
      merge,
      {
        ifindex: 7,
        peers: [
          { publicKey: one, allowedips: ['a'] },
          { publicKey: two, allowedips: ['b'] },
        ],
      },
      {
        ifindex: 7,
        peers: [
          { publicKey: two, allowedips: ['c'] },
          { publicKey: one, allowedips: ['d'] },
        ],
      },
    );
    expect(rows).to.deep.equal([
      {
        ifindex: 7,
        peers: [
          { publicKey: one, allowedips: ['a'] },
          { publicKey: two, allowedips: ['b', 'c'] },
          { publicKey: one, allowedips: ['d'] },
        ],
      },
    ]);
  });

  it('is declared for WireGuard and Wi-Fi devices, by their keys', () => {
    const keyOf = (schema: typeof wireguardSchema | typeof nl80211Schema, op: string) =>
      schema.operations.find(({ name }) => name === op)?.merge?.key;
    // A dump of WireGuard contains one device.
    expect(keyOf(wireguardSchema, 'get-device')).to.deep.equal([]);
    expect(keyOf(nl80211Schema, 'get-wiphy')).to.deep.equal(['wiphy']);
  });
});
