import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError, EncodeError } from '../../lib/errors/index.js';
import {
  AttributeEncoder,
  AttributeFlags,
  AttributeReader,
  MessageType,
  addressText,
  decodeAck,
  encodeMessage,
  encodeMessages,
  ipv4Text,
  ipv6Text,
  isAck,
  iterateMessages,
  messageBox,
  parseIpv4,
  parseIpv6,
  parseLinkAddress,
  type Attribute,
  type ByteOrder,
  type Message,
} from '../../lib/wire/index.js';
import { check, codePoint } from '../support/fuzz.js';
import { atOddOffset, hex } from './bytes.js';

/** Bytes that are mostly attributes, so that decoding passes the first length. */
const attributeBytes = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(0xffff), fc.integer({ min: -3, max: 3 }), fc.nat(12)), { maxLength: 12 })
  .map((parts) => {
    const encoder = new AttributeEncoder();
    for (const [payload, type] of parts) encoder.bytes(type, payload);
    const bytes = encoder.encode();
    // About one length in ten is slightly wrong.
    for (const [index, [, , error, dice]] of parts.entries()) if (dice === 0 && 4 * index < bytes.length) bytes[4 * index]! += error;
    return bytes;
  });

/** Nested attributes. */
const nestedBytes = fc.letrec<{ list: Uint8Array<ArrayBuffer> }>((tie) => ({
  list: fc
    .array(fc.tuple(fc.nat(0xffff), fc.oneof({ withCrossShrink: true }, fc.uint8Array({ maxLength: 12 }), tie('list'))), { maxLength: 4 })
    .map((parts) => {
      const encoder = new AttributeEncoder();
      for (const [type, payload] of parts) encoder.bytes(type, payload);
      return encoder.encode();
    }),
})).list;

const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), attributeBytes, nestedBytes);

/** A message with any payload, mostly of type ERROR or DONE. */
const messageBytes = fc
  .record({
    type: fc.oneof(fc.constantFrom(MessageType.Error, MessageType.Done), fc.nat(0xffff)),
    flags: fc.oneof(fc.constantFrom(0, 0x200, 0x300), fc.nat(0xffff)),
    sequence: fc.nat(0xffff_ffff),
    portId: fc.nat(0xffff_ffff),
    payload: anyBytes,
  })
  .map((init) => encodeMessage(init));

const datagram = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(messageBytes, { maxLength: 4 }).map((parts) => new Uint8Array(parts.flatMap((part) => [...part]))),
);

/** Runs a decoder, which may throw only a DecodeError with an offset within the bytes. */
function decodes<T>(length: number, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.offset).to.be.within(0, length);
    return undefined;
  }
}

const VERBS = ['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64', 'string', 'flag', 'bytes'] as const;

/** Calls every method of every attribute; returns the number of attributes. */
function exhaust(reader: AttributeReader, length: number): number {
  let met = 0;
  decodes(length, () => {
    for (const attribute of reader) {
      met++;
      for (const verb of VERBS) decodes(length, () => attribute[verb]());
      const inner = decodes(length, () => attribute.attributes());
      if (inner !== undefined) met += exhaust(inner, length);
    }
  });
  return met;
}

describe('wire with random bytes', () => {
  it('decodes attributes at any depth and offset, or throws a DecodeError with the offset', () => {
    check(
      fc.property(anyBytes, fc.nat(7), fc.constantFrom<ByteOrder>('host', 'big', 'little'), (bytes, offset, byteOrder) => {
        const odd = exhaust(new AttributeReader(atOddOffset(bytes, offset), { byteOrder }), bytes.length);
        expect(odd).to.equal(exhaust(new AttributeReader(bytes, { byteOrder }), bytes.length));
      }),
    );
  });

  it('splits datagrams into messages within their bounds and in order, or throws a DecodeError', () => {
    check(
      fc.property(datagram, fc.nat(7), (bytes, offset) => {
        let end = 0;
        decodes(bytes.length, () => {
          for (const message of iterateMessages(atOddOffset(bytes, offset))) {
            expect(message.start).to.be.at.least(end);
            end = message.start + message.length;
            expect(end).to.be.at.most(bytes.length);
            expect(message.payload).to.have.length(message.length - 16);
          }
        });
      }),
    );
  });

  it('decodes acks, or throws a DecodeError', () => {
    check(
      fc.property(datagram, (bytes) => {
        decodes(bytes.length, () => {
          for (const message of iterateMessages(bytes)) {
            if (!isAck(message)) continue;
            const ack = decodes(message.length, () => decodeAck(message));
            if (ack !== undefined) expect(ack.errno | 0).to.equal(ack.errno);
          }
        });
      }),
    );
  });

  it('prints any message as a complete box', () => {
    check(
      fc.property(messageBytes, fc.option(fc.nat(40), { nil: undefined }), (bytes, fixedHeaderSize) => {
        for (const message of iterateMessages(bytes)) {
          expect(messageBox(message, { fixedHeaderSize })).to.match(/^-{16}\t-{18}\n[^]*-{16}\t-{18}\n$/);
        }
      }),
    );
  });

  it('encodes messages that decode to the same values', () => {
    check(
      fc.property(datagram, (bytes) => {
        const messages = decodes(bytes.length, () => [...iterateMessages(bytes)]);
        if (messages === undefined) return;
        const again = encodeMessages(messages);
        const reread = [...iterateMessages(again)];
        expect(reread.map((message) => message.toJSON())).to.deep.equal(messages.map((message: Message) => message.toJSON()));
        expect(hex(encodeMessages(reread))).to.equal(hex(again));
      }),
    );
  });

  it('encodes attributes that decode to the same values', () => {
    check(
      fc.property(anyBytes, (bytes) => {
        const attributes = decodes(bytes.length, () => [...new AttributeReader(bytes)]);
        if (attributes === undefined) return;
        const once = rewrite(attributes);
        const reread = [...new AttributeReader(once)];
        expect(reread.map(shape)).to.deep.equal(attributes.map(shape));
        expect(hex(rewrite(reread))).to.equal(hex(once));
      }),
    );
  });

  it('decodes each value that it encodes, in both byte orders', () => {
    const value = fc.oneof(fc.integer(), fc.double(), fc.bigInt(-(2n ** 65n), 2n ** 65n), fc.maxSafeInteger());
    const verb = fc.constantFrom('uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64');
    check(
      fc.property(value, verb, fc.nat(0xffff), fc.constantFrom<ByteOrder>('host', 'big', 'little'), (number, name, type, byteOrder) => {
        const encoder = new AttributeEncoder({ byteOrder });
        try {
          (encoder[name] as (type: number, value: unknown) => unknown)(type, number);
        } catch (error) {
          if (!(error instanceof EncodeError)) throw error;
          expect(encoder.length).to.equal(0);
          return;
        }
        // -0 is an integer, and 0 on the wire.
        expect([...new AttributeReader(encoder.encode(), { byteOrder })][0]![name]()).to.equal(number === 0 ? 0 : number);
      }),
    );
  });

  it('decodes each text that it encodes', () => {
    check(
      fc.property(fc.string({ unit: codePoint, maxLength: 60 }), (text) => {
        const written = new AttributeEncoder().string(1, text).encode();
        expect([...new AttributeReader(written)][0]!.string()).to.equal(text.replace(/\0+$/, ''));
      }),
    );
  });

  it('parses each address that it prints', () => {
    const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
      fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length }).map((bytes) => Uint8Array.from(bytes));
    check(
      fc.property(exactly(4), exactly(16), fc.uint8Array({ maxLength: 32 }), (four, sixteen, link) => {
        expect(hex(parseIpv4(ipv4Text(four)))).to.equal(hex(four));
        expect(hex(parseIpv6(ipv6Text(sixteen)))).to.equal(hex(sixteen));
        if (link.length !== 4 && link.length !== 16) expect(hex(parseLinkAddress(addressText(link)))).to.equal(hex(link));
      }),
    );
  });

  it('parses any text as an address, or throws an EncodeError', () => {
    const text = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.stringMatching(/^[0-9a-f:.]{0,40}$/));
    check(
      fc.property(text, (address) => {
        for (const parse of [parseIpv4, parseIpv6, parseLinkAddress]) {
          try {
            parse(address);
          } catch (error) {
            expect(error).to.be.instanceOf(EncodeError);
          }
        }
      }),
    );
  });
});

function rewrite(attributes: readonly Attribute[]): Uint8Array {
  const encoder = new AttributeEncoder();
  for (const attribute of attributes) encoder.bytes(rawType(attribute), attribute.payload);
  return encoder.encode();
}

function rawType({ type, nested, networkByteOrder }: Attribute): number {
  return type | (nested ? AttributeFlags.Nested : 0) | (networkByteOrder ? AttributeFlags.NetworkByteOrder : 0);
}

function shape(attribute: Attribute): [number, string] {
  return [rawType(attribute), hex(attribute.payload)];
}
