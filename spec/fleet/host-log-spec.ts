import { expect } from 'chai';
import { encodeMessage, encodeRow } from '../../lib/fleet/log/message.js';
import { HostLog, type Applied } from '../../lib/fleet/reader/host-log.js';

const rowsOf = (values: Readonly<Record<string, number>>) => Object.entries(values).map(([key, n]) => encodeRow(key, { n }));
const snapshot = (values: Readonly<Record<string, number>>, of = 1) => encodeMessage(0, of, rowsOf(values), []);
const batch = (prev: number, values: Readonly<Record<string, number>>, del: readonly string[] = []) =>
  encodeMessage(prev, undefined, rowsOf(values), del);

const shown = (applied: Applied) =>
  applied.type === 'changes'
    ? applied.changes.map(({ key, previous, value }) => `${key}: ${JSON.stringify(previous) ?? '-'} -> ${JSON.stringify(value) ?? '-'}`)
    : applied.type;
const keys = (log: HostLog) => [...log.rows().keys()].sort((one, other) => one.localeCompare(other));

describe('the rows of a host', () => {
  it('are those of the snapshot and of the batches after it', () => {
    const log = new HostLog();
    expect(shown(log.apply(0, 1, snapshot({ a: 1, b: 1 })))).to.deep.equal(['a: - -> {"n":1}', 'b: - -> {"n":1}']);
    expect(shown(log.apply(0, 4, batch(1, { b: 2, c: 1 }, ['a'])))).to.deep.equal([
      'a: {"n":1} -> -',
      'b: {"n":1} -> {"n":2}',
      'c: - -> {"n":1}',
    ]);
    expect(log.isComplete).to.equal(true);
    expect(keys(log)).to.deep.equal(['b', 'c']);
  });

  it('ignore a message that was applied before', () => {
    const log = new HostLog();
    log.apply(0, 1, snapshot({ a: 1 }));
    log.apply(0, 2, batch(1, { a: 2 }));
    expect(shown(log.apply(0, 2, batch(1, { a: 2 })))).to.deep.equal([]);
    expect(shown(log.apply(0, 1, snapshot({})))).to.deep.equal([]);
    expect(keys(log)).to.deep.equal(['a']);
  });

  it('are incomplete after a gap, until the next snapshot, whose differences count from the rows before the gap', () => {
    const log = new HostLog();
    log.apply(0, 1, snapshot({ a: 1, b: 1 }));
    expect(shown(log.apply(0, 5, batch(3, { a: 2 })))).to.equal('gap');
    expect(log.isComplete).to.equal(false);
    expect(shown(log.apply(0, 6, batch(5, { a: 3 })))).to.deep.equal([]);
    expect(keys(log)).to.deep.equal(['a', 'b']);
    expect(shown(log.apply(0, 7, snapshot({ a: 3 })))).to.deep.equal(['b: {"n":1} -> -', 'a: {"n":1} -> {"n":3}']);
    expect(log.isComplete).to.equal(true);
  });

  it('are incomplete without a snapshot', () => {
    const log = new HostLog();
    expect(shown(log.apply(0, 5, batch(3, { a: 2 })))).to.equal('gap');
    expect(log.isComplete).to.equal(false);
  });

  it('are adopted from another reading of the subject', () => {
    const [log, other] = [new HostLog(), new HostLog()];
    log.apply(0, 1, snapshot({ a: 1 }));
    log.apply(0, 5, batch(3, { a: 5 }));
    other.apply(0, 1, snapshot({ a: 1 }));
    other.apply(0, 3, batch(1, { b: 3 }));
    other.apply(0, 5, batch(3, { a: 5 }));
    const changes = log.adopt(0, other);
    expect(shown({ type: 'changes', changes })).to.deep.equal(['a: {"n":1} -> {"n":5}', 'b: - -> {"n":3}']);
    expect(log.isComplete).to.equal(true);
    expect(shown(log.apply(0, 5, batch(3, { a: 5 })))).to.deep.equal([]);
    expect(shown(log.apply(0, 6, batch(5, {}, ['b'])))).to.deep.equal(['b: {"n":3} -> -']);
  });

  it('are complete when each shard has a snapshot', () => {
    const log = new HostLog();
    log.apply(1, 1, snapshot({ b: 1 }, 2));
    expect(log.isComplete).to.equal(false);
    expect(shown(log.apply(0, 2, snapshot({ a: 1 }, 2)))).to.deep.equal(['b: - -> {"n":1}', 'a: - -> {"n":1}']);
    expect(log.isComplete).to.equal(true);
  });

  it('are not removed and added again while the number of shards changes', () => {
    const log = new HostLog();
    log.apply(1, 1, snapshot({ b: 1, d: 1 }, 2));
    log.apply(0, 2, snapshot({ a: 1, c: 1 }, 2));
    // The agent writes shard 0 last; meanwhile rows change.
    for (const [shard, sequence, values] of [
      [1, 3, { b: 2 }],
      [2, 4, { c: 1 }],
      [3, 5, { d: 1 }],
    ] as const) {
      expect(shown(log.apply(shard, sequence, snapshot(values, 4)))).to.deep.equal([]);
    }
    expect(shown(log.apply(3, 6, batch(5, { e: 1 })))).to.deep.equal([]);
    expect(keys(log)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(shown(log.apply(0, 7, snapshot({ a: 1 }, 4)))).to.deep.equal(['b: {"n":1} -> {"n":2}', 'e: - -> {"n":1}']);
    expect(log.isComplete).to.equal(true);
    // Fewer again: the shards that are left over are invisible before they are removed.
    expect(shown(log.apply(0, 8, snapshot({ a: 1, b: 2, c: 1, d: 1, e: 1 }, 1)))).to.deep.equal([]);
    expect(shown(log.apply(3, 9, snapshot({}, 0)))).to.deep.equal([]);
    expect(keys(log)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
  });

  it('are none when the agent ended the table', () => {
    const log = new HostLog();
    log.apply(0, 1, snapshot({ a: 1 }));
    expect(shown(log.apply(0, 2, snapshot({}, 0)))).to.deep.equal(['a: {"n":1} -> -']);
    expect(log.isEnded).to.equal(true);
  });

  it('have the picked properties only', () => {
    const log = new HostLog(new Set(['n']));
    log.apply(0, 1, encodeMessage(0, 1, [encodeRow('a', { n: 1, other: 'x', ['__proto__x']: 1 })], []));
    expect([...log.rows().values()]).to.deep.equal([{ n: 1 }]);
  });
});
