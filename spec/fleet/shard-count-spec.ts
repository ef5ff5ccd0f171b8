import { expect } from 'chai';
import { shardCount, shardOfKey } from '../../lib/fleet/agent/shard-count.js';

describe('the shards of a table', () => {
  for (const shards of [1, 2, 3, 8, 1000]) {
    it(`each receive their part of the keys, of ${String(shards)}`, () => {
      const counts = new Map<number, number>();
      const keys = 200 * shards;
      for (let index = 0; index < keys; index++) {
        const shard = shardOfKey(`10.${String(index >> 8)}.${String(index & 255)}.0/24 ${String(index)}`, shards);
        counts.set(shard, (counts.get(shard) ?? 0) + 1);
      }
      expect(Math.min(...counts.keys())).to.equal(0);
      expect(Math.max(...counts.keys())).to.equal(shards - 1);
      expect(counts.size).to.equal(shards);
      expect(Math.max(...counts.values())).to.be.at.most(400);
    });
  }

  it('are as many as the size of the rows needs, with room to grow', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ index, text: String(Math.sin(index)) }));
    const stateOf = (row: object) => row;
    expect(shardCount([], stateOf, 1000)).to.equal(1);
    expect(shardCount(rows, stateOf, 1_000_000)).to.equal(1);
    const many = shardCount(rows, stateOf, 4000);
    expect(many).to.be.within(8, 128);
    expect(Math.log2(many) % 1).to.equal(0);
  });
});
