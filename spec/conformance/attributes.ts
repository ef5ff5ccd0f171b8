import { expect } from 'chai';
import { AttributeEncoder, AttributeFlags, AttributeReader, alignLength, type Attribute } from '../../lib/wire/index.js';
import { SIZES, isIntegerName, readInteger, toByteOrder, writeInteger } from './integers.js';
import { expectRejection, fromHex, toHex, type Vector } from './vector.js';

interface AttributeVector {
  readonly type: number;
  readonly flags: { readonly nested: boolean; readonly netByteOrder: boolean };
  readonly rawType: number;
  readonly length: number;
  readonly dataHex: string;
  readonly children?: readonly AttributeVector[];
}

interface Read {
  readonly path: readonly number[];
  readonly read: string;
  readonly byteOrder?: string;
  readonly value?: unknown;
  readonly valueHex?: string;
  readonly error?: boolean;
  readonly layout?: string;
  readonly fields?: readonly { readonly name: string; readonly type: string; readonly value: number }[];
}

interface Write {
  readonly type: number;
  readonly write: string;
  readonly byteOrder?: string;
  readonly value?: unknown;
  readonly valueHex?: string;
  readonly valueRepeat?: { readonly byteHex: string; readonly count: number };
  readonly children?: readonly Write[];
  readonly nestedFlag?: boolean;
  readonly throws?: string;
}

interface DecodeVector extends Vector {
  readonly inputHex: string;
  readonly reads?: readonly Read[];
  readonly canonical?: boolean;
  readonly reencodedHex?: string;
  readonly expected: { readonly error?: boolean; readonly attributes: readonly AttributeVector[] };
}

interface EncodeVector extends Vector {
  readonly input?: { readonly attributes: readonly (AttributeVector & { readonly explicitLength?: number })[] };
  readonly writes?: readonly Write[];
  readonly expected: { readonly error?: boolean; readonly code?: string; readonly outputHex: string; readonly length: number };
}

/** Checks a case of attributes.json. */
export function checkAttributes(vector: Vector): void {
  switch (vector.op) {
    case 'align': {
      const { input, expected } = vector as Vector & { readonly input: number; readonly expected: number };
      expect(alignLength(input)).to.equal(expected);
      break;
    }
    case 'decode':
      checkDecode(vector as DecodeVector);
      break;
    case 'behaviour':
      checkBehaviour(vector as DecodeVector);
      break;
    case 'encode':
      checkEncode(vector as EncodeVector);
      break;
    default:
      expect.fail(`unknown op ${vector.op}`);
  }
}

function checkDecode({ inputHex, expected, reads = [], canonical, reencodedHex }: DecodeVector): void {
  const input = fromHex(inputHex);
  if (expected.error === true) {
    expectRejection(() => [...new AttributeReader(input)]);
    return;
  }
  const attributes = [...new AttributeReader(input)];
  expectTree(attributes, expected.attributes);
  for (const read of reads) checkRead(input, read);
  const again = toHex(rewrite(attributes));
  if (canonical === true) expect(again).to.equal(inputHex);
  if (reencodedHex !== undefined) expect(again).to.equal(reencodedHex);
}

function expectTree(attributes: readonly Attribute[], expected: readonly AttributeVector[]): void {
  expect(attributes.map(({ type }) => type)).to.deep.equal(expected.map(({ type }) => type));
  for (const [index, { flags, rawType, length, dataHex, children }] of expected.entries()) {
    const attribute = attributes[index]!;
    expect({ nested: attribute.nested, netByteOrder: attribute.networkByteOrder }).to.deep.equal(flags);
    expect(rawTypeOf(attribute)).to.equal(rawType);
    // The decoder rejects a length of 0 before, if a vector has one.
    expect(attribute.payloadLength + 4).to.equal(length);
    expect(toHex(attribute.payload)).to.equal(dataHex);
    if (children !== undefined) expectTree([...attribute.attributes()], children);
  }
}

function checkRead(input: Uint8Array, read: Read): void {
  let attributes = [...new AttributeReader(input, { byteOrder: toByteOrder(read.byteOrder) })];
  for (const index of read.path.slice(0, -1)) attributes = [...attributes[index]!.attributes()];
  const attribute = attributes[read.path.at(-1)!]!;
  const act = (): unknown => readValue(attribute, read);
  if (read.error === true) expectRejection(act);
  else expect(act()).to.deep.equal(read.valueHex ?? read.fields?.map(({ value }) => value) ?? read.value);
}

function readValue(attribute: Attribute, { read, fields, layout }: Read): unknown {
  if (isIntegerName(read)) return readInteger(attribute, read);
  switch (read) {
    case 'flag':
      return attribute.flag();
    case 'string':
      return attribute.string();
    case 'bytes':
      return toHex(attribute.bytes());
    case 'nested':
      return attribute.attributes().count() >= 0 ? undefined : attribute;
    case 'struct':
      return readStruct(attribute.bytes(), fields!, layout!);
    default:
      return expect.fail(`unknown read ${read}`);
  }
}

/** Reads a struct field by field, in the byte order of the layout. */
function readStruct(bytes: Uint8Array, fields: NonNullable<Read['fields']>, layout: string): number[] {
  const view = new DataView(bytes.buffer);
  let offset = 0;
  return fields.map(({ type }) => {
    const size = isIntegerName(type) ? SIZES[type] : expect.fail(`unknown field ${type}`);
    const value =
      size === 1 ? view.getUint8(offset) : size === 2 ? view.getUint16(offset, layout.startsWith('<')) : view.getUint32(offset, true);
    offset += size;
    return value;
  });
}

/** Checks that an error of the consumer ends the iteration and is rethrown unchanged. */
function checkBehaviour({ inputHex, expected }: DecodeVector): void {
  const attributes = new AttributeReader(fromHex(inputHex));
  expectTree([...attributes], expected.attributes);
  const thrown = new Error('of the consumer');
  let calls = 0;
  expect(() => {
    for (const _ of attributes) {
      calls++;
      throw thrown;
    }
  }).to.throw(thrown);
  expect(calls).to.equal(1);
}

function checkEncode({ input, writes, expected }: EncodeVector): void {
  const act = (): AttributeEncoder => {
    const encoder = new AttributeEncoder();
    for (const { rawType, dataHex } of input?.attributes ?? []) encoder.bytes(rawType, fromHex(dataHex));
    for (const write of writes ?? []) writeOne(encoder, write);
    return encoder;
  };
  if (expected.code === 'callback-error') expect(act).to.throw(writes![0]!.throws);
  else if (expected.error === true) expectRejection(act);
  else {
    const encoder = act();
    expect(toHex(encoder.encode())).to.equal(expected.outputHex);
    expect(encoder.length).to.equal(expected.length);
  }
}

function writeOne(encoder: AttributeEncoder, write: Write): void {
  const { type, byteOrder, value } = write;
  if (isIntegerName(write.write)) {
    // The byte order is an option of the encoder; a write with another order needs another encoder.
    const one = new AttributeEncoder({ byteOrder: toByteOrder(byteOrder) });
    writeInteger(one, write.write, type, value as number | string);
    const [attribute] = new AttributeReader(one.encode());
    encoder.bytes(rawTypeOf(attribute!), attribute!.payload);
    return;
  }
  switch (write.write) {
    case 'flag':
      encoder.flag(type, value as boolean);
      break;
    case 'string':
      encoder.string(type, write.valueRepeat === undefined ? (value as string) : repeatText(write.valueRepeat));
      break;
    case 'bytes':
      encoder.bytes(
        type,
        write.valueRepeat === undefined ? fromHex(write.valueHex!) : fromHex(write.valueRepeat.byteHex.repeat(write.valueRepeat.count)),
      );
      break;
    case 'nested':
      writeNest(encoder, write);
      break;
    case 'callback':
      encoder.nest(type, () => {
        throw new Error(write.throws);
      });
      break;
    default:
      expect.fail(`unknown write ${write.write}`);
  }
}

function repeatText({ byteHex, count }: NonNullable<Write['valueRepeat']>): string {
  return String.fromCharCode(Number.parseInt(byteHex, 16)).repeat(count);
}

function writeNest(encoder: AttributeEncoder, { type, children = [], nestedFlag }: Write): void {
  const fill = (inner: AttributeEncoder): void => {
    for (const child of children) writeOne(inner, child);
  };
  if (nestedFlag === true) {
    encoder.nest(type, fill);
    return;
  }
  const inner = new AttributeEncoder();
  fill(inner);
  encoder.bytes(type, inner.encode());
}

function rewrite(attributes: readonly Attribute[]): Uint8Array {
  const encoder = new AttributeEncoder();
  for (const attribute of attributes) encoder.bytes(rawTypeOf(attribute), attribute.payload);
  return encoder.encode();
}

function rawTypeOf({ type, nested, networkByteOrder }: Attribute): number {
  return type | (nested ? AttributeFlags.Nested : 0) | (networkByteOrder ? AttributeFlags.NetworkByteOrder : 0);
}
