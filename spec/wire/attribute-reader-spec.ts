import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { AttributeReader, type Attribute, type AttributeReaderOptions } from '../../lib/wire/index.js';
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
  10 00 12 00
  09 00 01 00
  76 65 74 68
  00 00 00 00`;

describe('AttributeReader', () => {
  it('finds nothing in no bytes', () => {
    expect(read('')).to.deep.equal([]);
  });

  it('gives type and payload of each attribute, in order', () => {
    const attributes = read(`
      05 00 01 00
      ff 00 00 00
      08 00 02 00
      aa bb cc dd
      04 00 03 00`);
    expect(attributes.map(({ type, payload }) => [type, hex(payload)])).to.deep.equal([
      [1, 'ff'],
      [2, 'aabbccdd'],
      [3, ''],
    ]);
  });

  it('keeps the two flag bits out of the type', () => {
    expect(only('04 00 ff ff')).to.include({ type: 0x3fff, nested: true, networkByteOrder: true });
    expect(only('04 00 01 80')).to.include({ type: 1, nested: true, networkByteOrder: false });
    expect(only('04 00 01 40')).to.include({ type: 1, nested: false, networkByteOrder: true });
  });

  it('takes a last attribute without its padding', () => {
    expect(hex(only('05 00 01 00 ff').payload)).to.equal('ff');
  });

  it('may be iterated twice', () => {
    const reader = new AttributeReader(bytes(LINKINFO));
    expect([...reader]).to.have.length(1);
    expect([...reader]).to.have.length(1);
  });

  it('starts behind a fixed header where told to', () => {
    expect(only(`02 00 00 00 05 00 07 00 01`, { start: 4 }).type).to.equal(7);
  });

  it('refuses a range that does not lie in the bytes', () => {
    expect(() => new AttributeReader(bytes('00'), { start: 2 })).to.throw(RangeError, 'start 2');
    expect(() => new AttributeReader(bytes('00'), { end: 2 })).to.throw(RangeError, 'end 2');
    expect(() => new AttributeReader(bytes('00'), { start: -1 })).to.throw(RangeError);
    expect(() => new AttributeReader(bytes('00'), { start: NaN })).to.throw(RangeError);
  });

  it('refuses what is no bytes, and a byte order that is none', () => {
    for (const wrong of ['abc', undefined, [4, 0, 1, 0], new Uint16Array(2), new ArrayBuffer(4)]) {
      expect(() => new AttributeReader(wrong as never)).to.throw(TypeError, 'attributes are read from a Uint8Array');
    }
    expect(() => new AttributeReader(new Uint8Array(), { byteOrder: 'network' as never })).to.throw(TypeError, 'byteOrder must be');
  });

  it('finds the first attribute of a type', () => {
    const reader = new AttributeReader(
      bytes(`
        05 00 01 00
        0a 00 00 00
        05 00 02 00
        0b 00 00 00
        05 00 02 00
        0c 00 00 00`),
    );
    expect(reader.find(2)?.uint8()).to.equal(11);
    expect(reader.find(3)).to.equal(undefined);
    expect(reader.count()).to.equal(3);
  });

  it('reads at every byte offset of a buffer', () => {
    const table = bytes(`
      08 00 01 00
      01 02 03 04
      0c 00 02 00
      01 02 03 04
      05 06 07 08`);
    for (const offset of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [first, second] = [...new AttributeReader(atOddOffset(table, offset))];
      expect(first!.uint32()).to.equal(0x04030201);
      expect(second!.uint64()).to.equal(0x0807060504030201n);
    }
  });

  describe('refuses', () => {
    const broken: [name: string, table: string, offset: number][] = [
      ['three bytes, which are no header', '03 00 00', 0],
      ['a length below that of a header', '01 00 30 30', 0],
      ['a length of 0 instead of standing still', '00 00 00 00', 0],
      ['a length that passes the end', 'ff ff 00 00', 0],
      ['a length that passes the end by one', '06 00 01 00 ff', 0],
      ['two bytes behind the last attribute', '04 00 01 00 00 00', 4],
    ];
    for (const [name, table, offset] of broken) {
      it(name, () => {
        expect(fault(() => read(table)).offset).to.equal(offset);
      });
    }

    it('a broken attribute only after those before it', () => {
      const types: number[] = [];
      const reader = new AttributeReader(bytes('04 00 01 00 04 00 02 00 09 00 03 00'));
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
      it(`${verb}: no byte less and none more`, () => {
        for (let width = 0; width <= 9; width++) {
          if (width === widths[verb]) continue;
          const table = `${(4 + width).toString(16).padStart(2, '0')} 00 01 00 ${'ff'.repeat(width)}`;
          const error = fault(() => only(table)[verb]());
          expect(error.message).to.contain(`attribute 1 is no ${verb}`).and.contain(`${width} bytes`);
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
    ['05 00 01 00 80', 'uint8', 128],
    ['05 00 01 00 80', 'int8', -128],
    ['06 00 01 00 00 80', 'uint16', 32768],
    ['06 00 01 00 00 80', 'int16', -32768],
    ['06 00 01 00 ff 7f', 'int16', 32767],
    ['08 00 01 00 00 00 00 80', 'uint32', 2147483648],
    ['08 00 01 00 00 00 00 80', 'int32', -2147483648],
    ['08 00 01 00 ff ff ff ff', 'uint32', 4294967295],
    ['0c 00 01 00 ff ff ff ff ff ff ff ff', 'uint64', 18446744073709551615n],
    ['0c 00 01 00 ff ff ff ff ff ff ff ff', 'int64', -1n],
    ['0c 00 01 00 00 00 00 00 00 00 00 80', 'int64', -9223372036854775808n],
  ];
  for (const [table, verb, value] of EDGES) {
    it(`reads ${table.slice(12)} as ${verb} ${value}`, () => {
      expect(only(table)[verb]()).to.equal(value);
    });
  }

  it('reads big-endian where the reader is told so, header fields excepted', () => {
    const reader = (table: string): Attribute => only(table, { byteOrder: 'big' });
    expect(reader('06 00 01 00 01 02').uint16()).to.equal(0x0102);
    expect(reader('08 00 01 00 01 02 03 04').uint32()).to.equal(0x01020304);
    expect(reader('08 00 01 00 ff ff ff fe').int32()).to.equal(-2);
    expect(reader('0c 00 01 00 01 02 03 04 05 06 07 08').uint64()).to.equal(0x0102030405060708n);
  });

  it('reads little-endian where the reader is told so', () => {
    expect(only('06 00 01 00 01 02', { byteOrder: 'little' }).uint16()).to.equal(0x0201);
  });

  it('reads big-endian where the attribute is flagged so (ipset: IPSET_ATTR_TIMEOUT 600 | NLA_F_NET_BYTEORDER)', () => {
    expect(only('08 00 06 40 00 00 02 58').uint32()).to.equal(600);
    expect(only('08 00 06 40 00 00 02 58', { byteOrder: 'little' }).uint32()).to.equal(600);
  });

  it('drops all NULs at the end of a string, and only those', () => {
    expect(only('08 00 01 00 6c 6f 00 00').string()).to.equal('lo');
    expect(only('06 00 01 00 6c 6f').string()).to.equal('lo');
    expect(only('04 00 01 00').string()).to.equal('');
    expect(only('08 00 01 00 61 00 62 00').string()).to.equal('a\0b');
  });

  it('is a flag only without payload', () => {
    expect(only('04 00 01 00').flag()).to.equal(true);
    expect(fault(() => only('05 00 01 00 01').flag()).message).to.contain('is no flag');
  });

  it('gives a view as payload and a copy as bytes()', () => {
    const source = bytes('05 00 01 00 2a');
    const [attribute] = new AttributeReader(source);
    const { payload } = attribute!;
    const copy = attribute!.bytes();
    source[4] = 0;
    expect([payload[0], copy[0]]).to.deep.equal([0, 42]);
    expect(copy.buffer.byteLength).to.equal(1);
  });

  it('gives a copy from a Buffer too', () => {
    const source = Buffer.from(bytes('05 00 01 00 2a'));
    const copy = [...new AttributeReader(source)][0]!.bytes();
    source[4] = 0;
    expect(copy[0]).to.equal(42);
  });

  describe('attributes()', () => {
    it('reads a nest that is not flagged as one', () => {
      const info = only(LINKINFO);
      expect(info.nested).to.equal(false);
      expect(info.attributes().find(1)?.string()).to.equal('veth');
    });

    it('inherits the byte order', () => {
      const [inner] = only('0a 00 01 80 06 00 02 00 01 02', { byteOrder: 'big' }).attributes();
      expect(inner!.uint16()).to.equal(0x0102);
    });

    it('takes another byte order where given', () => {
      const [inner] = only('0a 00 01 80 06 00 02 00 01 02').attributes('big');
      expect(inner!.uint16()).to.equal(0x0102);
    });

    it('counts offsets in errors from the outermost bytes', () => {
      const error = fault(() => [...only('00 00 00 00 0c 00 01 80 04 00 02 00 09 00 03 00', { start: 4 }).attributes()]);
      expect(error.offset).to.equal(12);
    });

    it('goes 32 nests deep and no deeper', () => {
      let source = bytes('04 00 01 00');
      for (let depth = 0; depth < 33; depth++) {
        const outer = new Uint8Array(source.length + 4);
        outer.set([outer.length, 0, 1, 0x80]);
        outer.set(source, 4);
        source = outer;
      }
      let reader = new AttributeReader(source);
      for (let depth = 0; depth < 32; depth++) reader = reader.find(1)!.attributes();
      expect(fault(() => reader.find(1)!.attributes()).message).to.contain('deeper than 32');
    });
  });
});
