import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { AttributeReader, type Attribute } from '../../lib/wire/index.js';
import { HEADERS, HEADER_OF_KIND, layoutSize } from './rtnetlink/rtnetlink-structs.js';
import { fromHex, type Vector } from './vector.js';

interface FuzzVector extends Vector {
  readonly kind: string;
  readonly payloadHex: string;
}

const VERBS = ['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64', 'string', 'flag', 'bytes'] as const;

/** Checks a case of fuzz.json: every method reads the bytes and may throw only a DecodeError. */
export function checkFuzz(vector: Vector): void {
  const { op, kind, payloadHex } = vector as FuzzVector;
  expect(op).to.equal('fuzz');
  const struct = HEADER_OF_KIND[kind] ?? expect.fail(`unknown kind ${kind}`);
  const start = layoutSize(HEADERS[struct]!);
  const payload = fromHex(payloadHex);
  for (const from of [0, Math.min(start, payload.length)]) exhaust(new AttributeReader(payload, { start: from }));
}

function exhaust(reader: AttributeReader): void {
  tolerate(() => {
    for (const attribute of reader) everyWay(attribute);
  });
}

function everyWay(attribute: Attribute): void {
  for (const verb of VERBS) tolerate(() => attribute[verb]());
  tolerate(() => {
    exhaust(attribute.attributes());
  });
}

function tolerate(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}
