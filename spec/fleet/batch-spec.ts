import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { batchOf, snapshotOf } from '../../lib/fleet/agent/batch.js';
import { shardCount } from '../../lib/fleet/agent/shard-count.js';
import { decodeMessage } from '../../lib/fleet/log/message.js';

const LIMIT = 10_000;
const state = (row: object) => row;
const small = { ifname: 'small' };
const large = { ifname: 'large', text: randomBytes(LIMIT).toString('hex') };

describe('a batch of an agent', () => {
  it('reports a row that no message can hold, and has the others', () => {
    const reported: string[] = [];
    const rows = new Map<string, object>([
      ['1', small],
      ['2', large],
    ]);
    const { data, set } = snapshotOf('e.1', 1, rows, state, LIMIT, (key) => reported.push(key));
    expect(set).to.equal(1);
    expect(decodeMessage(data).set).to.deep.equal([['1', small]]);
    expect(reported).to.deep.equal(['2']);
  });

  it('removes a row that has become too large', () => {
    const reported: string[] = [];
    const pending = new Set(['1', '2']);
    const rows = new Map<string, object>([
      ['1', small],
      ['2', large],
    ]);
    const { data } = batchOf('e.2', 7, rows, pending, state, LIMIT, (key) => reported.push(key));
    const { set, del } = decodeMessage(data);
    expect([set, del]).to.deep.equal([[['1', small]], ['2']]);
    expect([...new Set(reported)]).to.deep.equal(['2']);
    expect(pending.size).to.equal(0);
  });

  it('has a long row that is short when it is deflated', () => {
    const { set } = snapshotOf('e.3', 1, new Map([['1', { text: 'x'.repeat(LIMIT * 10) }]]), state, LIMIT, () => expect.fail('reported'));
    expect(set).to.equal(1);
  });

  it('has no more rows than a reader accepts', () => {
    const rows = new Map(Array.from({ length: 70_000 }, (_, index) => [String(index), {}] as const));
    expect(() => snapshotOf('e.4', 1, rows, state, 1 << 20, () => undefined)).to.throw(Error, 'bytes');
    const shards = shardCount([...rows.values()], state, 1 << 20);
    expect(70_000 / shards).to.be.below(65_536 / 2);
  });
});
