import { expect } from 'chai';
import { DecodeError, type ExtendedAck } from '../../lib/errors/index.js';
import { attributeTypeAt, decodeAck, echoedRequest, isAck, iterateMessages, locateAttribute, type Message } from '../../lib/wire/index.js';
import { bytes, hex } from './bytes.js';

const message = (table: string): Message => [...iterateMessages(bytes(table))][0]!;

// All captured on Linux 6.18 with a plain AF_NETLINK socket and NETLINK_EXT_ACK; with the original port IDs.

// RTM_NEWLINK with an interface name of 21 bytes. The request is 57 bytes long, its echo has 60: the attributes start at the
// aligned end.
const UNALIGNED = `
  94000000
  0200 0002
  07000000
  ef4c0000
  deffffff
  39000000
  1000 0506
  07000000
  00 00 00 00
  00 00 00 00
  00 00 00 00
  00 00 00 00
  00 00 00 00
  1900 0300
  78 78 78 78
  78 78 78 78
  78 78 78 78
  78 78 78 78
  78 78 78 78
  78 00 00 00
  2700 0100
  41 74 74 72
  69 62 75 74
  65 20 66 61
  69 6c 65 64
  20 70 6f 6c
  69 63 79 20
  76 61 6c 69
  64 61 74 69
  6f 6e 00 00
  0800 0200
  20000000
  1400 0480
  0800 0700
  0f000000
  0800 0100
  0b000000`;

// The same with NETLINK_CAP_ACK: the kernel echoes only the header.
const CAPPED = `
  68000000
  0200 0003
  07000000
  ef4c0000
  deffffff
  39000000
  1000 0506
  07000000
  00 00 00 00
  2700 0100
  41 74 74 72
  69 62 75 74
  65 20 66 61
  69 6c 65 64
  20 70 6f 6c
  69 63 79 20
  76 61 6c 69
  64 61 74 69
  6f 6e 00 00
  0800 0200
  20000000
  1400 0480
  0800 0700
  0f000000
  0800 0100
  0b000000`;

// RTM_GETROUTE dump with rtm_src_len 1 under strict checking: a DONE with errno and attributes.
const DONE = `
  48000000
  0300 0202
  07000000
  ef4c0000
  eaffffff
  3200 0100
  49 6e 76 61
  6c 69 64 20
  76 61 6c 75
  65 73 20 69
  6e 20 68 65
  61 64 65 72
  20 66 6f 72
  20 46 49 42
  20 64 75 6d
  70 20 72 65
  71 75 65 73
  74 00 00 00`;

// NETDEV_CMD_DEV_GET without NETDEV_A_DEV_IFINDEX.
const MISSING = `
  30000000
  0200 0002
  07000000
  ef4c0000
  eaffffff
  14000000
  1400 0500
  07000000
  00 00 00 00
  01 01 00 00
  0800 0500
  01000000`;

// NLMSG_NOOP with the ack flag.
const SUCCESS = `
  24000000
  0200 0001
  07000000
  ef4c0000
  00 00 00 00
  10000000
  0100 0500
  07000000
  00 00 00 00`;

const FAILED_POLICY: ExtendedAck = {
  message: 'Attribute failed policy validation',
  offset: 32,
  policy: bytes('0800 0700 0f000000 0800 0100 0b000000'),
};

/** An uncapped ERROR with errno -22 that echoes a bare header, followed by attributes. */
function rejection(attributes: string, flags = '0002', errno = 'eaffffff'): Message {
  const payload = bytes(`${errno} 10000000 1000 0500 01000000 00 00 00 00 ${attributes}`);
  const length = (16 + payload.length).toString(16).padStart(2, '0');
  return message(`${length}000000 0200 ${flags} 01000000 00000000 ${hex(payload, ' ')}`);
}

describe('decodeAck', () => {
  it('decodes success as 0 without an extended ack', () => {
    expect(decodeAck(message(SUCCESS))).to.deep.equal({ errno: 0, extendedAck: {}, capped: true });
  });

  it('finds the attributes at the aligned end of an unaligned request', () => {
    expect(decodeAck(message(UNALIGNED))).to.deep.equal({ errno: -34, extendedAck: FAILED_POLICY, capped: false });
  });

  it('finds the attributes after the header of a capped request', () => {
    expect(decodeAck(message(CAPPED))).to.deep.equal({ errno: -34, extendedAck: FAILED_POLICY, capped: true });
  });

  it('finds the attributes of a DONE after its error number', () => {
    expect(decodeAck(message(DONE))).to.deep.equal({
      errno: -22,
      extendedAck: { message: 'Invalid values in header for FIB dump request' },
      capped: false,
    });
  });

  it('reads the type of a missing attribute', () => {
    expect(decodeAck(message(MISSING)).extendedAck).to.deep.equal({ missingType: 1 });
  });

  it('reads all six attributes, by the numbers of enum nlmsgerr_attrs', () => {
    const { extendedAck } = decodeAck(
      rejection(`
        0700 0100
        6e 6f 00 00
        0800 0200
        14000000
        0600 0300
        c0 0c 00 00
        0400 0480
        0800 0500
        02000000
        0800 0600
        18000000
        0400 6300`),
    );
    expect(extendedAck).to.deep.equal({
      message: 'no',
      offset: 20,
      cookie: Uint8Array.of(0xc0, 0x0c),
      policy: new Uint8Array(0),
      missingType: 2,
      missingNest: 24,
    });
  });

  it('reads a warning and a cookie on success', () => {
    const ack = decodeAck(rejection('0800 0100 68 6d 6d 00 0500 0300 07 00 00 00', '0003', '00000000'));
    expect(ack).to.deep.equal({ errno: 0, extendedAck: { message: 'hmm', cookie: Uint8Array.of(7) }, capped: true });
  });

  it('accepts the attributes flag without attributes', () => {
    expect(decodeAck(rejection(''))).to.deep.equal({ errno: -22, extendedAck: {}, capped: false });
  });

  it('ignores attributes without the attributes flag', () => {
    expect(decodeAck(rejection('0800 0100 68 6d 6d 00', '0000')).extendedAck).to.deep.equal({});
  });

  it('keeps copies instead of views', () => {
    const source = bytes(UNALIGNED);
    const ack = decodeAck([...iterateMessages(source)][0]!);
    source.fill(0xff);
    expect(ack.extendedAck).to.deep.equal(FAILED_POLICY);
  });

  it('reads an error number below -4095, as ipset sends it', () => {
    expect(decodeAck(rejection('', '0000', 'ffefffff')).errno).to.equal(-4097);
  });

  it('reads an ERROR that echoes nothing', () => {
    expect(decodeAck(message('14000000 0200 0000 01000000 01000000 feffffff')).errno).to.equal(-2);
  });

  it('reads a DONE without payload as success', () => {
    expect(decodeAck(message('10000000 0300 0200 01000000 01000000')).errno).to.equal(0);
  });

  it('reads a DONE without the MULTI flag', () => {
    expect(decodeAck(message('14000000 0300 0000 01000000 01000000 feffffff')).errno).to.equal(-2);
  });

  describe('keeps the error number when attributes are malformed', () => {
    const broken: Record<string, [attributes: string, left: ExtendedAck]> = {
      'a length that passes the end': ['ff ff 01 00', {}],
      'a length of 0': ['00 00 00 00', {}],
      'three bytes': ['08 00 01', {}],
      'an offset of two bytes, between the message and the missing type': [
        '0600 0100 61 00 00 00 0600 0200 0100 00 00 0800 0500 09000000',
        { message: 'a', missingType: 9 },
      ],
    };
    for (const [name, [attributes, left]] of Object.entries(broken)) {
      it(name, () => {
        expect(decodeAck(rejection(attributes))).to.deep.equal({ errno: -22, extendedAck: left, capped: false });
      });
    }

    for (const [name, length] of Object.entries({ 'the end': 'ff000000', '4 GiB': 'ffffffff', nothing: '00 00 00 00' })) {
      it(`an echoed header with a length up to ${name}`, () => {
        const source = bytes(UNALIGNED);
        source.set(bytes(length), 20);
        expect(decodeAck([...iterateMessages(source)][0]!)).to.deep.equal({ errno: -34, extendedAck: {}, capped: false });
      });
    }
  });

  describe('rejects', () => {
    it('an error number of less than four bytes', () => {
      expect(() => decodeAck(message('11000000 0200 0000 00 00 00 00 00 00 00 00 01'))).to.throw(DecodeError, 'error number, got 1 (');
      expect(() => decodeAck(message('13000000 0300 0200 00 00 00 00 00 00 00 00 01 00 00'))).to.throw(
        DecodeError,
        'error number, got 3 (',
      );
      expect(() => decodeAck(message('10000000 0200 0000 00 00 00 00 00 00 00 00'))).to.throw(DecodeError, 'error number, got 0 (');
    });

    it('the attributes flag without an echoed header', () => {
      expect(() => decodeAck(message('15000000 0200 0002 00 00 00 00 00 00 00 00 01 00 00 00 ff'))).to.throw(DecodeError);
    });

    it('a message of another type', () => {
      const link = message('10000000 1000 0000 00 00 00 00 00 00 00 00');
      expect(isAck(link)).to.equal(false);
      expect(() => decodeAck(link)).to.throw(TypeError, 'type 16');
    });
  });
});

describe('isAck', () => {
  it('is true for ERROR and DONE', () => {
    expect([UNALIGNED, DONE, SUCCESS].map((table) => isAck(message(table)))).to.deep.equal([true, true, true]);
  });
});

describe('echoedRequest', () => {
  it('returns the request as it was sent, without padding', () => {
    const request = echoedRequest(message(UNALIGNED))!;
    expect(request).to.have.length(57);
    expect(hex(request)).to.equal(hex(bytes(UNALIGNED).subarray(20, 77)));
  });

  it('returns only the header of a capped request', () => {
    expect(echoedRequest(message(CAPPED))).to.have.length(16);
  });

  it('returns undefined for a DONE and for an ERROR without an echo', () => {
    expect(echoedRequest(message(DONE))).to.equal(undefined);
    expect(echoedRequest(message('14000000 0200 0000 01000000 01000000 feffffff'))).to.equal(undefined);
  });
});

describe('attributeTypeAt', () => {
  const request = bytes(UNALIGNED).subarray(20, 77);

  it('returns the type at the offset that the kernel reports', () => {
    const { offset } = decodeAck(message(UNALIGNED)).extendedAck;
    expect(attributeTypeAt(request, offset!)).to.equal(3);
  });

  it('masks the flag bits', () => {
    expect(attributeTypeAt(bytes(`${'00 '.repeat(16)} 0400 1280`), 16)).to.equal(18);
  });

  for (const [name, offset] of Object.entries({
    'in the header': 8,
    'at the end': 57,
    'after the end': 1000,
    'before the start': -4,
    'in text': 40,
  })) {
    it(`returns undefined ${name}`, () => {
      expect(attributeTypeAt(request, offset)).to.equal(undefined);
    });
  }

  it('is added to an extended ack', () => {
    expect(locateAttribute({ message: 'no', offset: 32 }, request)).to.deep.equal({ message: 'no', offset: 32, attributeType: 3 });
    expect(locateAttribute({ offset: 8 }, request)).to.deep.equal({ offset: 8 });
    expect(locateAttribute({}, request)).to.deep.equal({});
  });
});
