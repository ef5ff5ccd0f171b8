import { expect } from 'chai';
import { AttributeEncoder, AttributeReader, decodeText, encodeText, type Attribute, type ByteOrder } from '../../lib/wire/index.js';
import { SIZES, readInteger, writeInteger, type IntegerName } from './integers.js';
import { expectRejection, fromHex, toHex, type Vector } from './vector.js';

interface StringVector extends Vector {
  readonly value: string;
  readonly inputHex: string;
  readonly expected: { readonly hex: string; readonly value: string };
}

interface IntegerVector extends Vector {
  readonly type: IntegerName;
  readonly value: number | string;
  readonly action: 'get' | 'put';
  readonly bufferLength: number;
  readonly expected: { readonly littleHex: string; readonly bigHex: string; readonly nativeHex: string };
}

/** Checks a case of strings.json. */
export function checkString(vector: Vector): void {
  const { op, value, inputHex, expected } = vector as StringVector;
  if (op === 'encode') expect(toHex(encodeText(value))).to.equal(expected.hex);
  else if (op === 'decode') expect(decodeText(fromHex(inputHex))).to.equal(expected.value);
  else expect.fail(`unknown op ${op}`);
}

/** Checks a case of ints.json: integers are read and written as payloads of attributes. */
export function checkInteger(vector: Vector): void {
  const { op, type, value, expected, action, bufferLength } = vector as IntegerVector;
  if (op === 'value') {
    const orders: [ByteOrder, string][] = [
      ['little', expected.littleHex],
      ['big', expected.bigHex],
      ['host', expected.nativeHex],
    ];
    for (const [byteOrder, hex] of orders) {
      const encoder = new AttributeEncoder({ byteOrder });
      writeInteger(encoder, type, 1, value);
      const [attribute] = new AttributeReader(encoder.encode(), { byteOrder });
      expect(toHex(attribute!.payload)).to.equal(hex);
      expect(readInteger(holding(fromHex(hex), byteOrder), type)).to.equal(value);
    }
  } else if (op === 'wrong-length') {
    expect(bufferLength).not.to.equal(SIZES[type]);
    if (action === 'put') expect.fail('integers are not written into buffers of the caller');
    expectRejection(() => readInteger(holding(new Uint8Array(bufferLength), 'host'), type));
  } else expect.fail(`unknown op ${op}`);
}

function holding(payload: Uint8Array, byteOrder: ByteOrder): Attribute {
  return [...new AttributeReader(new AttributeEncoder().bytes(1, payload).encode(), { byteOrder })][0]!;
}
