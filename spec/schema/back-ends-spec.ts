import { deepStrictEqual } from 'node:assert';
import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError, EncodeError } from '../../lib/errors/index.js';
import { DecodeFault } from '../../lib/schema/codec/decode-fault.js';
import { Indexes, operationCodec, stringify, type BackEndKind, type FamilySchema } from '../../lib/schema/index.js';
import { loadSchemas } from '../codegen/generated.js';
import { atOddOffset, hex } from '../wire/bytes.js';
import { check } from '../support/fuzz.js';
import { usualDecoder, type UsualDecoder } from './forms/usual-decoder.js';
import { project, propertiesOf } from './picked.js';
import { STRUCTS } from './structs/struct-samples.js';
import { ValueMaker } from './value-maker.js';

const families = [...(await loadSchemas()), STRUCTS];

/** An operation of a family, and a value for its messages. */
const cases = (schema: FamilySchema) =>
  fc
    .tuple(
      fc.constantFrom(...schema.operations.filter((operation) => (operation.do ?? operation.dump ?? operation.command) !== undefined)),
      fc.gen(),
    )
    .map(([operation, gen]) => ({
      name: operation.name,
      value: new ValueMaker(schema, (count) => gen(fc.integer, { min: 0, max: count - 1 })).operation(operation),
    }));

/** Damages of bytes: one byte is changed, the end is cut off, or an attribute is inserted. */
const damages = fc.array(fc.tuple(fc.constantFrom('set', 'set', 'low', 'cut', 'insert'), fc.nat(0xffff), fc.nat(255)), {
  minLength: 1,
  maxLength: 6,
});

type Damage = readonly [string, number, number];

function spoil(bytes: Uint8Array, list: readonly Damage[]): Uint8Array {
  let spoilt = Uint8Array.from(bytes);
  for (const [what, where, byte] of list) {
    const at = spoilt.length === 0 ? 0 : where % spoilt.length;
    if (what === 'cut') spoilt = spoilt.slice(0, at);
    else if (what === 'insert') spoilt = Uint8Array.of(...spoilt.slice(0, at & ~3), 8, 0, byte, 0, 1, 2, 3, byte, ...spoilt.slice(at & ~3));
    // The first bytes of words hold lengths and types.
    else if (spoilt.length > 0) spoilt[what === 'low' ? at & ~3 : at] = what === 'low' ? byte & 31 : byte;
  }
  return spoilt;
}

/** Returns the result of decoding: the value, or the fields of the error. */
function outcome(schema: FamilySchema, name: string, bytes: Uint8Array, kind: BackEndKind, pick?: readonly string[]): unknown {
  try {
    const codec = operationCodec(schema, name, kind);
    return (pick === undefined ? codec : codec.pick(pick)).decodePayload(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { offset: error.offset, path: error.path, message: error.message };
  }
}

/** Returns the number of attributes that closures keep as bytes. */
function keptOf(schema: FamilySchema, name: string, bytes: Uint8Array): number {
  const codec = operationCodec(schema, name, 'closures');
  const before = codec.kept;
  codec.decodePayload(bytes);
  return codec.kept - before;
}

function isFailure(result: unknown): boolean {
  return Object.keys(result as object).join() === 'offset,path,message';
}

/** Returns the result of the decoder of a form, or its error; undefined if it leaves the bytes to the general decoder. */
function usualOutcome(decode: UsualDecoder, bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof DecodeFault)) throw error;
    return error;
  }
}

/** Compares the parts that are not enumerable as well: the indexes. */
function expectSame(actual: unknown, expected: unknown): void {
  deepStrictEqual(actual, expected);
  expect(stringify(actual, { secrets: true })).to.equal(stringify(expected, { secrets: true }));
  expect(indexesIn(actual)).to.deep.equal(indexesIn(expected));
}

function indexesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  const own = (value as { [Indexes]?: unknown })[Indexes];
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(indexesIn)];
}

describe('both back ends, for every family', () => {
  it('finds all families', () => {
    expect(families.length).to.be.at.least(25);
  });

  // The messages that a decoder of a form has read, and the damaged ones that it has left to the general decoder.
  let [tried, usual, left] = [0, 0, 0];

  after(() => {
    // A part of the cases may have been chosen.
    if (tried === 0) return;
    expect(usual).to.be.above(families.length);
    expect(left).to.be.above(families.length).and.below(usual);
  });

  for (const schema of families) {
    it(`${schema.source}: either back end decodes an encoded value to the same value, properties in order`, () => {
      check(
        fc.property(cases(schema), ({ name, value }) => {
          const bytes = operationCodec(schema, name).encode(value, 'reply');
          expectSame(operationCodec(schema, name, 'closures').decodePayload(bytes), value);
          expectSame(operationCodec(schema, name, 'compiled').decodePayload(bytes), value);
          expect(hex(operationCodec(schema, name).encode(operationCodec(schema, name).decodePayload(bytes), 'reply'))).to.equal(hex(bytes));
        }),
      );
    }).timeout(600_000);

    it(`${schema.source}: both back ends decode hostile bytes to the same value, or throw the same DecodeError`, () => {
      check(
        fc.property(cases(schema), damages, fc.nat(3), ({ name, value }, list, shift) => {
          const bytes = spoil(operationCodec(schema, name).encode(value, 'reply'), list);
          const result = outcome(schema, name, bytes, 'closures');
          expectSame(outcome(schema, name, bytes, 'compiled'), result);
          expectSame(outcome(schema, name, atOddOffset(bytes, shift), 'compiled'), result);
        }),
      );
    }).timeout(600_000);

    it(`${schema.source}: the decoder of a usual form returns the same, or nothing, also for hostile bytes`, () => {
      check(
        fc.property(cases(schema), damages, ({ name, value }, list) => {
          const bytes = operationCodec(schema, name).encode(value, 'reply');
          const decode = usualDecoder(schema, name, bytes);
          tried++;
          if (decode === undefined) return;
          usual++;
          expectSame(decode(bytes), value);
          expect(decode.counter.kept).to.equal(keptOf(schema, name, bytes));
          const spoilt = spoil(bytes, list);
          const result = usualOutcome(decode, spoilt);
          const expected = outcome(schema, name, spoilt, 'closures') as { path: string };
          if (result === undefined) left++;
          else if (result instanceof DecodeFault) {
            const { message, offset, path } = new DecodeError(result.message, result.offset, expected.path);
            expect(expected).to.deep.equal({ offset, path, message });
          } else expectSame(result, expected);
        }),
      );
    }).timeout(600_000);

    it(`${schema.source}: a pick equals the properties of the complete value, also for hostile bytes`, () => {
      check(
        fc.property(cases(schema), damages, fc.boolean(), fc.gen(), ({ name, value }, list, whole, gen) => {
          const operation = schema.operations.find((candidate) => candidate.name === name)!;
          // Present properties are picked more often than absent ones.
          const there = [...new Set(propertiesOf(schema, operation))].filter(
            (property) => gen(fc.integer, { min: 0, max: 5 }) < (property in value ? 3 : 1),
          );
          const bytes = operationCodec(schema, name).encode(value, 'reply');
          const read = whole ? bytes : spoil(bytes, list);
          const result = outcome(schema, name, read, 'closures', there);
          expectSame(outcome(schema, name, read, 'compiled', there), result);
          const all = outcome(schema, name, read, 'closures');
          // Attributes that a pick skips may contain wrong lengths.
          if (!isFailure(all)) expectSame(result, project(all as object, there, schema, operation));
        }),
      );
    }).timeout(600_000);

    it(`${schema.source}: a value that was decoded from hostile bytes encodes to the same bytes twice`, () => {
      check(
        fc.property(cases(schema), damages, ({ name, value }, list) => {
          const codec = operationCodec(schema, name);
          try {
            const written = codec.encode(codec.decodePayload(spoil(codec.encode(value, 'reply'), list)), 'reply');
            expect(hex(codec.encode(codec.decodePayload(written), 'reply'))).to.equal(hex(written));
          } catch (error) {
            // Limits apply to requests only: values from the kernel may exceed them.
            if (!(error instanceof DecodeError) && !(error instanceof EncodeError)) throw error;
          }
        }),
      );
    }).timeout(600_000);
  }
});
