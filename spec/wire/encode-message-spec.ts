import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import {
  MessageFlags,
  encodeMessage,
  encodeMessages,
  hostIsLittleEndian,
  messageFlagsText,
  messageTypeText,
} from '../../lib/wire/index.js';
import { bytes, hex } from './bytes.js';

describe('encodeMessage', () => {
  it('writes the bytes of a real request: strace of `ip link show lo`, RTM_GETLINK by name', () => {
    // struct ifinfomsg, IFLA_EXT_MASK 9, IFLA_IFNAME "lo"
    const payload = bytes(`
      00 00 00 00
      00 00 00 00
      00 00 00 00
      00 00 00 00
      0800 1d00
      09000000
      0700 0300
      6c 6f 00 00`);
    const written = encodeMessage({ type: 18, flags: MessageFlags.Request, sequence: 0x6a00_0001, payload });
    expect(hex(written)).to.equal(
      hex(
        bytes(`
          30000000
          1200 0100
          0100006a
          00 00 00 00`),
      ) + hex(payload),
    );
  });

  it('pads with zeros and does not count the padding', () => {
    const written = encodeMessage({ type: 16, payload: Uint8Array.of(0xff) });
    expect(hex(written)).to.equal(
      hex(
        bytes(`
          11000000
          1000 0000
          00 00 00 00
          00 00 00 00
          ff 00 00 00`),
      ),
    );
  });

  it('throws for a payload that is not bytes, and names the message type', () => {
    for (const payload of ['abc', [0, 0], new Uint16Array(2)] as unknown as Uint8Array[]) {
      expect(() => encodeMessage({ type: 18, payload })).to.throw(TypeError, /^payload of message type 18: .+ is not a Uint8Array$/);
    }
  });

  it('puts several messages on 4-byte boundaries', () => {
    const written = encodeMessages([{ type: 16, payload: Uint8Array.of(1, 2, 3, 4, 5) }, { type: 17 }]);
    expect(written).to.have.length(40);
    expect(new DataView(written.buffer).getUint16(24 + 4, hostIsLittleEndian)).to.equal(17);
  });

  const refused: Record<string, Parameters<typeof encodeMessage>[0]> = {
    'a type of 17 bits': { type: 0x1_0000 },
    'a negative type': { type: -1 },
    'a type that is not an integer': { type: 1.5 },
    'flags of 17 bits': { type: 16, flags: 0x1_0000 },
    'a sequence number of 33 bits': { type: 16, sequence: 2 ** 32 },
    'a negative port ID': { type: 16, portId: -1 },
  };
  for (const [name, init] of Object.entries(refused)) {
    it(`rejects ${name}`, () => {
      expect(() => encodeMessage(init)).to.throw(EncodeError);
    });
  }
});

describe('messageFlagsText', () => {
  it('names the bits that mean the same in every message, and prints the others as a number', () => {
    expect(messageFlagsText(0)).to.equal('0');
    expect(messageFlagsText(0x305)).to.equal('request|ack|0x300');
    expect(messageFlagsText(0x3f)).to.equal('request|multi|ack|echo|dumpInterrupted|dumpFiltered');
  });
});

describe('messageTypeText', () => {
  it('names the four control types', () => {
    expect([0, 1, 2, 3, 4, 5, 18].map(messageTypeText)).to.deep.equal([
      'unknown(0)',
      'noop',
      'error',
      'done',
      'overrun',
      'unknown(5)',
      'unknown(18)',
    ]);
  });
});
