import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { AttributeEncoder, AttributeFlags, AttributeReader } from '../../lib/wire/index.js';
import { bytes, hex } from './bytes.js';

const encoded = (write: (encoder: AttributeEncoder) => unknown, byteOrder: 'host' | 'big' = 'host'): string => {
  const encoder = new AttributeEncoder({ byteOrder });
  write(encoder);
  return hex(encoder.encode());
};

function fault(act: () => unknown): EncodeError {
  try {
    act();
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error('no EncodeError was thrown');
}

describe('AttributeEncoder', () => {
  it('returns no bytes when no attribute was written', () => {
    expect(new AttributeEncoder().encode()).to.have.length(0);
  });

  it('writes a header before the attributes, padded to 4 bytes, and counts it', () => {
    const encoder = new AttributeEncoder({ header: bytes('01 02 03 04 05') }).uint8(1, 0xff);
    expect(hex(encoder.encode())).to.equal(hex(bytes('01 02 03 04 05 00 00 00 0500 0100 ff 00 00 00')));
    expect(encoder).to.have.length(16);
    expect(hex(new AttributeEncoder({ header: bytes('01 02 03 04') }).encode())).to.equal('01020304');
    // A header that is longer than the first memory of an encoder.
    expect(hex(new AttributeEncoder({ header: new Uint8Array(1001).fill(7) }).flag(2).encode())).to.equal(
      `${'07'.repeat(1001)}00000004000200`,
    );
  });

  it('writes what `ip link add v0 type veth peer name v1` sends after its ifinfomsg (strace)', () => {
    // IFLA_IFNAME, IFLA_LINKINFO { IFLA_INFO_KIND, IFLA_INFO_DATA { VETH_INFO_PEER { ifinfomsg, IFLA_IFNAME } } }; iproute2 omits
    // the nested flag of IFLA_LINKINFO and its nests and the NUL of the kind, so both are written as bytes here.
    const peer = new Uint8Array([...new Uint8Array(16), ...new AttributeEncoder().string(3, 'v1').encode()]);
    const data = new AttributeEncoder().bytes(1, peer).encode();
    const kind = new AttributeEncoder().bytes(1, bytes('76 65 74 68')).bytes(2, data).encode();
    expect(encoded((encoder) => encoder.string(3, 'v0').bytes(18, kind))).to.equal(
      hex(
        bytes(`
          0700 0300
          76 30 00 00
          2c00 1200
          0800 0100
          76 65 74 68
          2000 0200
          1c00 0100
          00 00 00 00
          00 00 00 00
          00 00 00 00
          00 00 00 00
          0700 0300
          76 31 00 00`),
      ),
    );
  });

  it('writes integers of each width and pads them with zeros', () => {
    expect(
      encoded((encoder) =>
        encoder
          .uint8(1, 255)
          .uint16(2, 0x0102)
          .uint32(3, 0xdeadbeef)
          .uint64(4, 2n ** 64n - 1n),
      ),
    ).to.equal(
      hex(
        bytes(`
          0500 0100
          ff 00 00 00
          0600 0200
          0201 00 00
          0800 0300
          efbeadde
          0c00 0400
          ffffffffffffffff`),
      ),
    );
  });

  it('writes signed integers', () => {
    expect(encoded((encoder) => encoder.int8(1, -128).int16(2, -2).int32(3, -1).int64(4, -2n))).to.equal(
      hex(
        bytes(`
          0500 0100
          80 00 00 00
          0600 0200
          feff 00 00
          0800 0300
          ffffffff
          0c00 0400
          feffffffffffffff`),
      ),
    );
  });

  it('writes big-endian integers, also in nests but not in headers, when the option is set', () => {
    expect(encoded((encoder) => encoder.uint16(1, 0x0102).nest(2, (nest) => nest.uint32(3, 0x01020304)), 'big')).to.equal(
      hex(
        bytes(`
          0600 0100
          01 02 00 00
          0c00 0280
          0800 0300
          01 02 03 04`),
      ),
    );
  });

  it('writes a big-endian integer when its type has the flag', () => {
    expect(encoded((encoder) => encoder.uint32(6 | AttributeFlags.NetworkByteOrder, 600))).to.equal(hex(bytes('0800 0640 00 00 02 58')));
  });

  it('writes strings with one NUL, in UTF-8', () => {
    expect(encoded((encoder) => encoder.string(1, 'lo'))).to.equal(hex(bytes('0700 0100 6c 6f 00 00')));
    expect(encoded((encoder) => encoder.string(1, ''))).to.equal(hex(bytes('0500 0100 00 00 00 00')));
    expect(encoded((encoder) => encoder.string(1, 'é'))).to.equal(hex(bytes('0700 0100 c3 a9 00 00')));
  });

  it('writes a flag without payload, and nothing for false', () => {
    expect(encoded((encoder) => encoder.flag(1).flag(2, false).flag(3, true))).to.equal(hex(bytes('0400 0100 0400 0300')));
  });

  it('copies bytes at the call', () => {
    const source = Uint8Array.of(1, 2);
    const encoder = new AttributeEncoder().bytes(1, source);
    source.fill(9);
    expect(hex(encoder.encode())).to.equal(hex(bytes('0600 0100 01 02 00 00')));
  });

  it('writes empty nests and nests in nests', () => {
    expect(encoded((encoder) => encoder.nest(1, () => undefined).nest(2, (a) => a.nest(3, (b) => b.flag(4))))).to.equal(
      hex(bytes('0400 0180 0c00 0280 0800 0380 0400 0400')),
    );
  });

  it('counts its length with padding', () => {
    expect(new AttributeEncoder().uint8(1, 1).length).to.equal(8);
  });

  it('returns a copy and continues', () => {
    const encoder = new AttributeEncoder().uint8(1, 1);
    const first = encoder.encode();
    expect(hex(encoder.flag(2).encode())).to.equal(hex(first) + hex(bytes('0400 0200')));
    expect(first.buffer.byteLength).to.equal(8);
  });

  it('grows to the size that is needed', () => {
    const encoder = new AttributeEncoder();
    for (let index = 0; index < 1000; index++) encoder.uint32(index, index);
    const attributes = [...new AttributeReader(encoder.encode())];
    expect(attributes).to.have.length(1000);
    expect(attributes[999]!.uint32()).to.equal(999);
  });

  describe('rejects', () => {
    const refused: Record<string, (encoder: AttributeEncoder) => unknown> = {
      'an uint8 of 256': (encoder) => encoder.uint8(1, 256),
      'a negative uint8': (encoder) => encoder.uint8(1, -1),
      'an uint16 of 65536': (encoder) => encoder.uint16(1, 65536),
      'an uint32 of 2 ** 32': (encoder) => encoder.uint32(1, 2 ** 32),
      'an uint64 of 2 ** 64': (encoder) => encoder.uint64(1, 2n ** 64n),
      'a negative uint64': (encoder) => encoder.uint64(1, -1n),
      'an int8 of 128': (encoder) => encoder.int8(1, 128),
      'an int16 of -32769': (encoder) => encoder.int16(1, -32769),
      'an int32 of 2 ** 31': (encoder) => encoder.int32(1, 2 ** 31),
      'an int64 of 2 ** 63': (encoder) => encoder.int64(1, 2n ** 63n),
      'a fraction': (encoder) => encoder.uint32(1, 0.5),
      NaN: (encoder) => encoder.uint32(1, NaN),
      'a number instead of a bigint': (encoder) => encoder.uint64(1, 1 as unknown as bigint),
      'a type of 17 bits': (encoder) => encoder.flag(0x1_0000),
      'a negative type': (encoder) => encoder.flag(-1),
      'a payload of 65,532 bytes': (encoder) => encoder.bytes(1, new Uint8Array(65_532)),
      'a string of 65,531 bytes, whose NUL does not fit': (encoder) => encoder.string(1, 'x'.repeat(65_531)),
    };
    for (const [name, write] of Object.entries(refused)) {
      it(`${name}, and stays unchanged`, () => {
        const encoder = new AttributeEncoder().flag(7);
        fault(() => write(encoder));
        expect(hex(encoder.encode())).to.equal(hex(bytes('0400 0700')));
      });
    }

    for (const [name, write, message] of [
      ['a number instead of a string', (encoder) => encoder.string(1, 5 as never), 'EENCODE .1: 5 is not a string'],
      ['undefined instead of a string', (encoder) => encoder.string(1, undefined as never), 'EENCODE .1: undefined is not a string'],
      ['a string instead of bytes', (encoder) => encoder.bytes(1, 'ab' as never), 'EENCODE .1: a string is not a Uint8Array'],
      ['an array instead of bytes', (encoder) => encoder.bytes(1, [1, 2] as never), 'EENCODE .1: an array is not a Uint8Array'],
      // Its bytes would be those of an earlier message.
      [
        'an object with the properties of bytes',
        (encoder) => encoder.bytes(1, { BYTES_PER_ELEMENT: 1, byteLength: 32, length: 32 } as never),
        'EENCODE .1: an object is not a Uint8Array',
      ],
      ['undefined instead of bytes', (encoder) => encoder.bytes(1, undefined as never), 'EENCODE .1: undefined is not a Uint8Array'],
      [
        'wider elements for bytes',
        (encoder) => encoder.bytes(1, new Uint16Array(2) as never),
        'EENCODE .1: an object of class Uint16Array is not a Uint8Array',
      ],
      ['a string instead of a boolean', (encoder) => encoder.flag(1, 'no' as never), 'EENCODE .1: no is not true or false'],
      ['half of a surrogate pair', (encoder) => encoder.string(1, '\ud800'), 'EENCODE .1: "\\ud800" has half of a surrogate pair'],
    ] as const satisfies readonly (readonly [string, (encoder: AttributeEncoder) => unknown, string])[]) {
      it(`${name}, and stays unchanged`, () => {
        const encoder = new AttributeEncoder();
        expect(fault(() => write(encoder)).message).to.equal(message);
        expect(encoder.length).to.equal(0);
      });
    }

    it('a header that is not bytes', () => {
      const { message } = fault(() => new AttributeEncoder({ header: 'ifinfomsg' as never }));
      expect(message).to.include('header: a string is not a Uint8Array');
    });

    it('an unknown byte order', () => {
      expect(() => new AttributeEncoder({ byteOrder: 'network' as never })).to.throw(
        TypeError,
        `byteOrder: expected 'host', 'big' or 'little', got 'network'`,
      );
    });

    it('a nest of more than 65,535 bytes, and stays unchanged', () => {
      const encoder = new AttributeEncoder().flag(7);
      const error = fault(() => encoder.nest(1, (nest) => nest.bytes(2, new Uint8Array(65_000)).bytes(3, new Uint8Array(600))));
      expect(error.path).to.equal('.1');
      expect(hex(encoder.encode())).to.equal(hex(bytes('0400 0700')));
    });

    it('more than 32 levels of nests', () => {
      const dig = (encoder: AttributeEncoder, depth: number): unknown => (depth === 0 ? 0 : encoder.nest(1, () => dig(encoder, depth - 1)));
      expect(new AttributeEncoder().nest(1, (encoder) => dig(encoder, 31)).length).to.equal(128);
      expect(fault(() => dig(new AttributeEncoder(), 33)).message).to.contain('at most 32 levels of nests');
    });

    it('a value in a nest, with its path by numbers', () => {
      const error = fault(() => new AttributeEncoder().nest(18, (info) => info.nest(2, (data) => data.uint8(3, 300))));
      expect(error.path).to.equal('.18.2.3');
      expect(error.message).to.contain('300').and.contain('from 0 to 255');
    });

    it('encode() inside a nest', () => {
      expect(() => new AttributeEncoder().nest(1, (nest) => nest.encode())).to.throw(TypeError, 'call encode() after nest() has returned');
    });
  });

  it('accepts the longest payload', () => {
    const longest = new Uint8Array(65_531).fill(1);
    const [attribute] = new AttributeReader(new AttributeEncoder().bytes(1, longest).encode());
    expect(attribute!.payloadLength).to.equal(65_531);
  });

  it('rethrows an error of fill, and does not write the nest', () => {
    const encoder = new AttributeEncoder().flag(7);
    const thrown = new Error('of the caller');
    expect(() =>
      encoder.nest(1, (nest) => {
        nest.uint32(2, 0xffffffff);
        throw thrown;
      }),
    ).to.throw(thrown);
    expect(hex(encoder.uint8(3, 1).encode())).to.equal(hex(bytes('0400 0700 0500 0300 01 00 00 00')));
  });
});
