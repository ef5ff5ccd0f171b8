import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { type Message, alignLength, iterateMessages } from '../../lib/wire/index.js';
import { atOddOffset, bytes, hex } from './bytes.js';

// The ack of a request of type NOOP with the ack flag, captured with a plain AF_NETLINK socket: 36 bytes.
const ACK = bytes(`
  24000000
  0200 0001
  07000000
  ef4c0000
  00 00 00 00
  10000000
  0100 0500
  07000000
  00 00 00 00`);

// Two messages of 17 and 16 bytes; the first has three bytes of padding.
const TWO = bytes(`
  11000000
  1000 0200
  01000000
  02000000
  ff 00 00 00
  10000000
  0300 0200
  01000000
  02000000`);

const read = (source: Uint8Array): Message[] => [...iterateMessages(source)];

function fault(source: Uint8Array): { delivered: number; error: DecodeError } {
  let delivered = 0;
  try {
    for (const _ of iterateMessages(source)) delivered++;
  } catch (error) {
    if (error instanceof DecodeError) return { delivered, error };
    throw error;
  }
  throw new Error('no DecodeError was thrown');
}

describe('Message', () => {
  it('returns the five fields of its header', () => {
    const [message] = read(ACK);
    expect(message).to.include({ length: 36, type: 2, flags: 0x100, sequence: 7, portId: 0x4cef });
  });

  it('returns a payload without the padding', () => {
    expect(read(TWO).map(({ payload }) => hex(payload))).to.deep.equal(['ff', '']);
  });

  it('has the kernel as origin and no group by default', () => {
    const [message] = read(ACK);
    expect(message).to.include({ group: 0, nsid: undefined });
    expect(message!.origin.sender).to.deep.equal({ portId: 0, groups: 0 });
  });

  it('has the origin of its datagram', () => {
    const [message] = iterateMessages(ACK, { sender: { portId: 5, groups: 1 }, group: 33, nsid: 4 });
    expect(message).to.include({ group: 33, nsid: 4 });
  });

  it('is read at any byte offset of a buffer', () => {
    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const messages = read(atOddOffset(TWO, offset));
      expect(messages.map(({ length, type }) => [length, type])).to.deep.equal([
        [17, 16],
        [16, 3],
      ]);
    }
  });

  it('is read from a Buffer at an odd offset', () => {
    const pool = Buffer.concat([Buffer.of(0), TWO]);
    expect(read(pool.subarray(1)).map(({ type }) => type)).to.deep.equal([16, 3]);
  });

  it('is detached by copy()', () => {
    const source = ACK.slice();
    const copy = read(source)[0]!.copy();
    source.fill(0xff);
    expect(copy).to.include({ length: 36, type: 2, sequence: 7 });
    expect(hex(copy.payload)).to.equal(hex(ACK.subarray(16)));
    expect(copy.payload.buffer.byteLength).to.equal(36);
  });

  it('is detached by copy() from a Buffer, whose slice() is a view', () => {
    const source = Buffer.from(ACK);
    const copy = read(source)[0]!.copy();
    source.fill(0xff);
    expect(copy.sequence).to.equal(7);
  });

  it('is printed as its fields and hex', () => {
    expect(JSON.parse(JSON.stringify(read(TWO)[0]))).to.deep.equal({
      length: 17,
      type: 16,
      flags: 2,
      sequence: 1,
      portId: 2,
      payload: 'ff',
    });
  });
});

describe('iterateMessages', () => {
  it('returns no messages for an empty datagram', () => {
    expect(read(bytes(''))).to.deep.equal([]);
  });

  it('ignores fewer than 16 bytes at the end', () => {
    expect(read(new Uint8Array([...TWO, ...ACK.subarray(0, 15)]))).to.have.length(2);
  });

  it('accepts a last message without padding', () => {
    const [message] = read(TWO.subarray(0, 17));
    expect(message!.length).to.equal(17);
  });

  it('rejects a length of less than 16, after the messages before it', () => {
    const source = TWO.slice();
    source[20] = 15;
    const { delivered, error } = fault(source);
    expect(delivered).to.equal(1);
    expect(error.offset).to.equal(20);
  });

  it('rejects a length of 0, which would loop for ever', () => {
    expect(fault(new Uint8Array(16)).error.offset).to.equal(0);
  });

  it('rejects a length that passes the end', () => {
    expect(fault(ACK.subarray(0, 35)).error.message).to.contain('expected a length from 16 to 35, got 36');
  });

  it('rejects the maximum length', () => {
    const source = ACK.slice();
    source.fill(0xff, 0, 4);
    expect(fault(source).error).to.be.instanceOf(DecodeError);
  });
});

describe('alignLength', () => {
  it('rounds up to a multiple of four', () => {
    expect([0, 1, 2, 3, 4, 5, 65535].map(alignLength)).to.deep.equal([0, 4, 4, 4, 4, 8, 65536]);
  });
});

describe('iterateMessages with a value that is not bytes', () => {
  for (const wrong of ['abc', undefined, new Uint16Array(16), new ArrayBuffer(16)]) {
    it(`throws for ${wrong === undefined || typeof wrong === 'string' ? String(wrong) : wrong.constructor.name}`, () => {
      expect(() => [...iterateMessages(wrong as never)]).to.throw(TypeError, 'is not a Uint8Array');
    });
  }
});
