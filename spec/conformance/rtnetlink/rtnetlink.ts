import { expect } from 'chai';
import { DecodeError } from '../../../lib/errors/index.js';
import { AttributeEncoder, AttributeReader } from '../../../lib/wire/index.js';
import { HEADERS, HEADER_OF_KIND, layoutSize, readStruct, writeStruct, type Layout } from './rtnetlink-structs.js';
import { expectDescribed, iterateNexthops, readVia, writeDescribed, writeVia, type Described } from './rtnetlink-values.js';
import { expectRejection, fromHex, toHex, type Vector } from '../vector.js';

type Fields = Record<string, number | string>;

interface Structure {
  readonly struct?: string;
  readonly header?: Fields;
  readonly value?: Fields;
  readonly attributes?: readonly Described[];
}

interface RouteVector extends Vector {
  readonly kind: string;
  readonly payloadHex: string;
  readonly input?: { readonly attributes: readonly Described[] };
  readonly structure?: Structure;
  readonly expected: Structure & { readonly error?: boolean };
}

const RTA_MULTIPATH = 9;

/** Checks a case of rtnetlink.json: headers as structs, attributes through AttributeReader and AttributeEncoder. */
export function checkRtnetlink(vector: Vector): void {
  const { op, kind, expected } = vector as RouteVector;
  const fixed = kind === 'rtvia' || kind.startsWith('linkstats');
  if (op === 'decode') (fixed ? checkFixed : checkDecode)(vector as RouteVector);
  else if (op === 'encode') (fixed ? checkFixed : checkEncode)(vector as RouteVector);
  else expect.fail(`unknown op ${op} with ${String(expected)}`);
}

function checkDecode({ kind, payloadHex, expected, structure }: RouteVector): void {
  const payload = fromHex(payloadHex);
  if (expected.error === true) {
    expectRejection(() => {
      readAll(kind, payload);
      // Accepted, because it is well formed: then the values must equal those of the case.
      if (structure !== undefined) expectStructure(kind, payload, structure);
    });
    return;
  }
  expectStructure(kind, payload, expected);
  readAll(kind, payload);
}

function expectStructure(kind: string, payload: Uint8Array, { struct, header, attributes = [] }: Structure): void {
  const layout = headerLayout(kind);
  expect(HEADER_OF_KIND[kind]).to.equal(struct);
  if (layout !== undefined) expect(readStruct(payload, layout)).to.deep.equal(header);
  expectDescribed(new AttributeReader(payload, { start: layout === undefined ? 0 : layoutSize(layout) }), attributes);
}

/** Reads a message of its kind, including nexthops; throws if it is truncated. */
function readAll(kind: string, payload: Uint8Array): void {
  const layout = headerLayout(kind);
  const start = layout === undefined ? 0 : layoutSize(layout);
  if (payload.length < start) throw new DecodeError(`${payload.length} bytes, its header takes ${start}`, 0);
  for (const attribute of new AttributeReader(payload, { start })) {
    if (kind !== 'route' || attribute.type !== RTA_MULTIPATH) continue;
    for (const { attributes } of iterateNexthops(attribute)) attributes.count();
  }
}

function headerLayout(kind: string): Layout | undefined {
  const struct = HEADER_OF_KIND[kind];
  return struct === undefined ? undefined : HEADERS[struct];
}

function checkEncode({ kind, payloadHex, input, expected }: RouteVector): void {
  const act = (): Uint8Array => {
    const encoder = new AttributeEncoder();
    writeDescribed(encoder, input?.attributes ?? expected.attributes ?? []);
    return encoder.encode();
  };
  if (expected.error === true) {
    expectRejection(act);
    return;
  }
  const layout = headerLayout(kind);
  const header = layout === undefined ? '' : toHex(writeStruct(expected.header!, layout));
  expect(header + toHex(act())).to.equal(payloadHex);
}

/** Checks counters and `struct rtvia`, which are payloads of attributes. */
function checkFixed({ op, kind, payloadHex, expected }: RouteVector): void {
  const payload = fromHex(payloadHex);
  if (kind === 'rtvia') {
    if (expected.error === true) expectRejection(() => readVia(payload));
    else if (op === 'decode') expect(readVia(payload)).to.deep.equal(expected.value);
    else expect(toHex(writeVia(expected.value!))).to.equal(payloadHex);
    return;
  }
  if (expected.error === true) expect.fail('counters of any number are read as far as they go');
  const width = kind === 'linkstats64' ? 8 : 4;
  const layout: Layout = Object.keys(expected.value!).map((name) => [name, width]);
  expect(layoutSize(layout)).to.equal(payload.length);
  expect(readStruct(payload, layout)).to.deep.equal(expected.value);
  if (op === 'encode') expect(toHex(writeStruct(expected.value!, layout))).to.equal(payloadHex);
}
