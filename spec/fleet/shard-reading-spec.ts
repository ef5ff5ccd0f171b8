import { expect } from 'chai';
import { encodeMessage, encodeRow } from '../../lib/fleet/log/message.js';
import type { OrderedStep } from '../../lib/fleet/reader/ordered-messages.js';
import { ShardReading } from '../../lib/fleet/reader/shard-reading.js';

const message = (sequence: number, prev: number, name: string): OrderedStep => ({
  type: 'message',
  message: {
    subject: 's',
    sequence,
    batch: `e.${String(sequence)}`,
    time: 0,
    data: encodeMessage(prev, prev === 0 ? 1 : undefined, [encodeRow(name, { name })], []),
  },
});

describe('another reading of a shard', () => {
  it('is complete after the messages that were stored before', () => {
    const reading = new ShardReading(0);
    expect(reading.take(message(1, 0, 'a'))).to.equal(false);
    expect(reading.take({ type: 'caughtUp' })).to.equal(true);
  });

  it('waits for a message that the reading of the stream left to it', () => {
    const reading = new ShardReading(0);
    reading.take(message(1, 0, 'a'));
    reading.leave(2);
    expect(reading.take({ type: 'caughtUp' })).to.equal(false);
    expect(reading.take(message(2, 1, 'b'))).to.equal(true);
    expect([...reading.log.rows().keys()]).to.deep.equal(['a', 'b']);
  });

  it('begins again with all messages, and still waits', () => {
    const reading = new ShardReading(0);
    reading.take(message(1, 0, 'a'));
    reading.take({ type: 'caughtUp' });
    reading.leave(2);
    reading.restart();
    reading.take(message(1, 0, 'a'));
    expect(reading.take({ type: 'caughtUp' })).to.equal(false);
    expect(reading.take(message(2, 1, 'b'))).to.equal(true);
  });
});
