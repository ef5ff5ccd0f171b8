import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { AttributeReader, type Attribute, type AttributeReaderOptions } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { atOddOffset, bytes, hex } from './bytes.js';

const read = (table: string, options?: AttributeReaderOptions): Attribute[] => [...new AttributeReader(bytes(table), options)];

function only(table: string, options?: AttributeReaderOptions): Attribute {
  const attributes = read(table, options);
  expect(attributes).to.have.length(1);
  return attributes[0]!;
}

function fault(act: () => unknown): DecodeError {
  try {
    act();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error('no DecodeError was thrown');
}

// IFLA_LINKINFO of a veth as the kernel sends it (RTM_NEWLINK, not flagged as a nest), IFLA_INFO_KIND "veth".
const LINKINFO = `
  1000 1200
  0900 0100
  76 65 74 68
  00 00 00 00`;

describe('AttributeReader', () => {
  it('returns no attributes for no bytes', () => {
    expect(read('')).to.deep.equal([]);
  });

  it('returns type and payload of each attribute, in order', () => {
    const attributes = read(`
      0500 0100
      ff 00 00 00
      0800 0200
      aa bb cc dd
      0400 0300`);
    expect(attributes.map(({ type, payload }) => [type, hex(payload)])).to.deep.equal([
      [1, 'ff'],
      [2, 'aabbccdd'],
      [3, ''],
    ]);
  });

  it('masks the two flag bits in the type', () => {
    expect(only('0400 ffff')).to.include({ type: 0x3fff, nested: true, networkByteOrder: true });
    expect(only('0400 0180')).to.include({ type: 1, nested: true, networkByteOrder: false });
    expect(only('0400 0140')).to.include({ type: 1, nested: false, networkByteOrder: true });
  });

  it('accepts a last attribute without padding', () => {
    expect(hex(only('0500 0100 ff').payload)).to.equal('ff');
  });

  it('can be iterated twice', () => {
    const reader = new AttributeReader(bytes(LINKINFO));
    expect([...reader]).to.have.length(1);
    expect([...reader]).to.have.length(1);
  });

  it('starts after a fixed header when start is set', () => {
    expect(only(`02 00 00 00 0500 0700 01`, { start: 4 }).type).to.equal(7);
  });

  it('throws for a range that is not within the bytes', () => {
    expect(() => new AttributeReader(bytes('00'), { start: 2 })).to.throw(RangeError, 'start 2');
    expect(() => new AttributeReader(bytes('00'), { end: 2 })).to.throw(RangeError, 'end 2');
    expect(() => new AttributeReader(bytes('00'), { start: -1 })).to.throw(RangeError);
    expect(() => new AttributeReader(bytes('00'), { start: NaN })).to.throw(RangeError);
  });

  it('throws for a value that is not bytes, and for an unknown byte order', () => {
    for (const wrong of ['abc', undefined, [4, 0, 1, 0], new Uint16Array(2), new ArrayBuffer(4)]) {
      expect(() => new AttributeReader(wrong as never)).to.throw(TypeError, /^AttributeReader: .+ is not a Uint8Array$/);
    }
    expect(() => new AttributeReader(new Uint8Array(), { byteOrder: 'network' as never })).to.throw(
      TypeError,
      "byteOrder: expected 'host', 'big' or 'little', got 'network'",
    );
  });

  it('finds the first attribute of a type', () => {
    const reader = new AttributeReader(
      bytes(`
        0500 0100
        0a 00 00 00
        0500 0200
        0b 00 00 00
        0500 0200
        0c 00 00 00`),
    );
    expect(reader.find(2)?.uint8()).to.equal(11);
    expect(reader.find(3)).to.equal(undefined);
    expect(reader.count()).to.equal(3);
  });

  it('reads at any byte offset of a buffer', () => {
    const table = bytes(`
      0800 0100
      01020304
      0c00 0200
      0102030405060708`);
    for (const offset of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [first, second] = [...new AttributeReader(atOddOffset(table, offset))];
      expect(first!.uint32()).to.equal(0x04030201);
      expect(second!.uint64()).to.equal(0x0807060504030201n);
    }
  });

  describe('rejects', () => {
    const broken: [name: string, table: string, offset: number][] = [
      ['three bytes, which are less than a header', '03 00 00', 0],
      ['a length below that of a header', '0100 3030', 0],
      ['a length of 0, which would loop for ever', '00 00 00 00', 0],
      ['a length that passes the end', 'ffff 0000', 0],
      ['a length that passes the end by one', '0600 0100 ff', 0],
      ['two bytes after the last attribute', '0400 0100 00 00', 4],
    ];
    for (const [name, table, offset] of broken) {
      it(name, () => {
        expect(fault(() => read(table)).offset).to.equal(offset);
      });
    }

    it('a malformed attribute only after those before it', () => {
      const types: number[] = [];
      const reader = new AttributeReader(bytes('0400 0100 0400 0200 0900 0300'));
      const { offset } = fault(() => {
        for (const { type } of reader) types.push(type);
      });
      expect(types).to.deep.equal([1, 2]);
      expect(offset).to.equal(8);
    });
  });
});

describe('Attribute', () => {
  describe('reads integers of the exact width', () => {
    const verbs = ['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64'] as const;
    const widths = { uint8: 1, uint16: 2, uint32: 4, uint64: 8, int8: 1, int16: 2, int32: 4, int64: 8 };
    for (const verb of verbs) {
      it(`${verb} rejects any other length`, () => {
        for (let width = 0; width <= 9; width++) {
          if (width === widths[verb]) continue;
          const table = `${(4 + width).toString(16).padStart(2, '0')}00 0100 ${'ff '.repeat(width)}`;
          const error = fault(() => only(table)[verb]());
          expect(error.message).to.contain(`for ${verb}, got ${width} (offset 4)`);
          expect(error.offset).to.equal(4);
        }
      });
    }
  });

  const EDGES: [
    table: string,
    verb: 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64',
    value: number | bigint,
  ][] = [
    ['0500 0100 80', 'uint8', 128],
    ['0500 0100 80', 'int8', -128],
    ['0600 0100 0080', 'uint16', 32768],
    ['0600 0100 0080', 'int16', -32768],
    ['0600 0100 ff7f', 'int16', 32767],
    ['0800 0100 00000080', 'uint32', 2147483648],
    ['0800 0100 00000080', 'int32', -2147483648],
    ['0800 0100 ffffffff', 'uint32', 4294967295],
    ['0c00 0100 ffffffffffffffff', 'uint64', 18446744073709551615n],
    ['0c00 0100 ffffffffffffffff', 'int64', -1n],
    ['0c00 0100 0000000000000080', 'int64', -9223372036854775808n],
  ];
  for (const [table, verb, value] of EDGES) {
    it(`reads ${table.slice(10)} as ${verb} ${value}`, () => {
      expect(only(table)[verb]()).to.equal(value);
    });
  }

  it('reads big-endian integers, but not headers, when the option is set', () => {
    const reader = (table: string): Attribute => only(table, { byteOrder: 'big' });
    expect(reader('0600 0100 01 02').uint16()).to.equal(0x0102);
    expect(reader('0800 0100 01 02 03 04').uint32()).to.equal(0x01020304);
    expect(reader('0800 0100 ff ff ff fe').int32()).to.equal(-2);
    expect(reader('0c00 0100 01 02 03 04 05 06 07 08').uint64()).to.equal(0x0102030405060708n);
  });

  it('reads little-endian integers when the option is set', () => {
    expect(only('0600 0100 01 02', { byteOrder: 'little' }).uint16()).to.equal(0x0201);
  });

  it('reads a big-endian integer when the attribute has the flag (ipset: IPSET_ATTR_TIMEOUT 600 | NLA_F_NET_BYTEORDER)', () => {
    expect(only('0800 0640 00 00 02 58').uint32()).to.equal(600);
    expect(only('0800 0640 00 00 02 58', { byteOrder: 'little' }).uint32()).to.equal(600);
  });

  it('drops all NULs at the end of a string, and only those', () => {
    expect(only('0800 0100 6c 6f 00 00').string()).to.equal('lo');
    expect(only('0600 0100 6c 6f').string()).to.equal('lo');
    expect(only('0400 0100').string()).to.equal('');
    expect(only('0800 0100 61 00 62 00').string()).to.equal('a\0b');
  });

  it('reads a flag only without payload', () => {
    expect(only('0400 0100').flag()).to.equal(true);
    expect(fault(() => only('0500 0100 01').flag()).message).to.contain('attribute 1: expected 0 bytes for flag, got 1');
  });

  it('returns a view as payload and a copy from bytes()', () => {
    const source = bytes('0500 0100 2a');
    const [attribute] = new AttributeReader(source);
    const { payload } = attribute!;
    const copy = attribute!.bytes();
    source[4] = 0;
    expect([payload[0], copy[0]]).to.deep.equal([0, 42]);
    expect(copy.buffer.byteLength).to.equal(1);
  });

  it('returns a copy from a Buffer also', () => {
    const source = Buffer.from(bytes('0500 0100 2a'));
    const copy = [...new AttributeReader(source)][0]!.bytes();
    source[4] = 0;
    expect(copy[0]).to.equal(42);
  });

  describe('attributes()', () => {
    it('reads a nest without the nested flag', () => {
      const info = only(LINKINFO);
      expect(info.nested).to.equal(false);
      expect(info.attributes().find(1)?.string()).to.equal('veth');
    });

    it('inherits the byte order', () => {
      const [inner] = only('0a00 0180 0600 0200 01 02', { byteOrder: 'big' }).attributes();
      expect(inner!.uint16()).to.equal(0x0102);
    });

    it('accepts another byte order', () => {
      const [inner] = only('0a00 0180 0600 0200 01 02').attributes('big');
      expect(inner!.uint16()).to.equal(0x0102);
    });

    it('counts offsets in errors from the outermost bytes', () => {
      const error = fault(() => [...only('00 00 00 00 0c00 0180 0400 0200 0900 0300', { start: 4 }).attributes()]);
      expect(error.offset).to.equal(12);
    });

    it('reads 32 levels of nests and rejects more', () => {
      let source = bytes('0400 0100');
      for (let depth = 0; depth < 33; depth++) {
        const outer = new Uint8Array(source.length + 4);
        outer.set([...host(outer.length, 0), ...host(1, 0x80)]);
        outer.set(source, 4);
        source = outer;
      }
      let reader = new AttributeReader(source);
      for (let depth = 0; depth < 32; depth++) reader = reader.find(1)!.attributes();
      expect(fault(() => reader.find(1)!.attributes()).message).to.contain('at most 32 levels of nests');
    });
  });
});
