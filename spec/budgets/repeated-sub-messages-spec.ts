import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { describeAttributes, operationCodec, type AttributeSchema, type FamilySchema } from '../../lib/schema/index.js';
import { encodeMessage } from '../../lib/wire/index.js';
import { isLong, rounds } from '../support/rounds.js';

const MIB = 1 << 20;
const RUNS = 5;
/** The smaller of two inputs. */
const SIZE = rounds(MIB, 2 * MIB);
/** Linear work costs twice as much for twice the bytes; quadratic work costs four times as much. */
const MOST = 3;

const generated = new URL('../../lib/families/generated/', import.meta.url);

/** Finds every sub-message of every family: one case for each attribute. */
async function cases(): Promise<{ schema: FamilySchema; set: string; attribute: AttributeSchema }[]> {
  const found = [];
  for (const file of readdirSync(generated).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(new URL(file, generated).href)) as Record<string, FamilySchema>;
    for (const [name, schema] of Object.entries(module)) {
      if (!name.endsWith('Schema')) continue;
      for (const { name: set, attributes } of schema.sets) {
        for (const attribute of attributes) if (attribute.type === 'sub-message') found.push({ schema, set, attribute });
      }
    }
  }
  return found;
}

/** Returns a family with one message: the attributes of a set, without the nests that enclose them. */
function alone({ generic: _none, ...schema }: FamilySchema, set: string): FamilySchema {
  return { ...schema, protocol: 0, operations: [{ name: 'get', set, do: { request: 16, reply: 16 } }] };
}

/** Repeats an attribute of 16 bytes, which contains three empty attributes of an unknown type; then adds the attributes of `end`. */
function repeated(type: number, size: number, end: Uint8Array): Uint8Array {
  const payload = new Uint8Array(size);
  const empty = [4, 0, 0xff, 0x3f];
  const attribute = new Uint8Array([16, 0, type & 255, type >> 8, ...empty, ...empty, ...empty]);
  for (let at = 0; at < size; at += attribute.length) payload.set(attribute, at);
  payload.set(end, size - end.length - (-end.length & 15));
  return payload.subarray(0, size - (-end.length & 15));
}

/** Encodes the selector of a sub-message with the first value that chooses one. */
function selectorOf(schema: FamilySchema, set: string, { selector, subMessage }: AttributeSchema): Uint8Array {
  const { value } = schema.subMessages.find(({ name }) => name === subMessage)!.formats[0]!;
  return operationCodec(alone(schema, set), 'get').encode({ [selector!.property]: Number.isNaN(Number(value)) ? value : Number(value) });
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Returns the milliseconds of CPU time of a function, after a garbage collection for earlier ones. */
function cost(run: () => unknown): number {
  collectGarbage();
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Returns the ratio of the lowest costs; measures again, up to five times, while it is too high. */
function ratio(run: (bytes: Uint8Array) => unknown, small: Uint8Array, large: Uint8Array): number {
  let [least, leastLarge] = [Infinity, Infinity];
  for (let round = 0; round < RUNS && !(leastLarge / least <= MOST); round++) {
    least = Math.min(
      least,
      cost(() => run(small)),
    );
    leastLarge = Math.min(
      leastLarge,
      cost(() => run(large)),
    );
  }
  return leastLarge / least;
}

const all = await cases();
/** The code is the same for every attribute: `npm test` measures the first one of three families, `npm run test:long` measures all. */
const USUAL = ['devlink', 'nftables', 'rt-link'];
const isFirst = ({ schema }: { readonly schema: FamilySchema }, index: number): boolean =>
  all.findIndex((other) => other.schema === schema) === index;
const measured = all.filter((one, index) => isLong || (USUAL.includes(one.schema.source) && isFirst(one, index)));

describe('repeated sub-messages', function () {
  this.timeout(300_000);

  it('occur in several families', () => {
    expect(new Set(all.map(({ schema }) => schema.source)).size).to.be.at.least(6);
  });

  for (const { schema, set, attribute } of measured) {
    const family = alone(schema, set);
    const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
      compiled: (bytes) => operationCodec(family, 'get', 'compiled').decodePayload(bytes),
      closures: (bytes) => operationCodec(family, 'get', 'closures').decodePayload(bytes),
      description: (bytes) => describeAttributes(family, 'get', encodeMessage({ type: 16, payload: bytes })),
    };
    const inputs = { without: new Uint8Array(), ...(attribute.selector!.outer !== true && { before: selectorOf(schema, set, attribute) }) };
    for (const [place, end] of Object.entries(inputs)) {
      it(`need at most ${MOST} times the CPU time for twice the bytes: ${schema.source}, ${set}.${attribute.name} ${place} its selector`, () => {
        const bytes = (size: number): Uint8Array => repeated(attribute.id, size, end);
        for (const [name, read] of Object.entries(readers)) {
          // Quadratic work is visible here already, and would need hours further down.
          expect(
            cost(() => read(bytes(MIB / 4))),
            `${name}: milliseconds for 256 KiB`,
          ).to.be.at.most(500);
          expect(ratio(read, bytes(SIZE), bytes(2 * SIZE)), `${name}: ${(2 * SIZE) / MIB} MiB to ${SIZE / MIB} MiB`).to.be.at.most(MOST);
        }
      });
    }
  }
});
