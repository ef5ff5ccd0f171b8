import { expect } from 'chai';
import ts from 'typescript';
import { literal, writeDescriptor } from '../../lib/codegen/write/write-descriptor.js';
import { writeFamily } from '../../lib/codegen/write/write-family.js';
import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';
import { loadSchema, sources } from './generated.js';
import { read } from './specifications.js';

/** The texts that end a string, a comment or a line, or have a meaning in an object literal. */
const HOSTILE = [
  "'; globalThis.broken = true; '",
  '"; globalThis.broken = true; "',
  ['`$', '{globalThis.broken = true}`'].join(''),
  '*/ globalThis.broken = true; /*',
  '\\',
  "\\'",
  'line\nglobalThis.broken = true;',
  'line\u2028globalThis.broken = true;',
  '</script>',
  '__proto__',
  'constructor',
  '\ud800',
];

/** Returns a family in which every definition has this name. */
function familyOf(name: string): FamilySchema {
  const quoted = JSON.stringify(name);
  return read(`
name: ${quoted}
definitions:
  - { name: ${quoted}, type: flags, entries: [${quoted}, other] }
  - { name: ${JSON.stringify(`${name}2`)}, type: enum, entries: [${quoted}] }
  - { name: ${JSON.stringify(`${name}3`)}, type: struct, members: [{ name: ${quoted}, type: u32 }, { name: ${JSON.stringify(`${name}x`)}, type: u8, enum: ${quoted} }] }
attribute-sets:
  - name: ${quoted}
    attributes:
      - { name: ${quoted}, type: string }
      - { name: ${JSON.stringify(`${name}d`)}, type: sub-message, sub-message: ${quoted}, selector: ${quoted} }
      - { name: ${JSON.stringify(`${name}e`)}, type: u32, enum: ${JSON.stringify(`${name}2`)} }
      - { name: ${JSON.stringify(`${name}s`)}, type: binary, struct: ${JSON.stringify(`${name}3`)} }
      - { name: ${JSON.stringify(`${name}n`)}, type: nest, nested-attributes: ${quoted} }
sub-messages: [{ name: ${quoted}, formats: [{ value: ${quoted}, attribute-set: ${quoted} }] }]
operations: { list: [{ name: ${quoted}, attribute-set: ${quoted}, do: { request: {}, reply: {} } }, { name: ${JSON.stringify(`${name}t`)}, notify: ${quoted} }] }
mcast-groups: { list: [{ name: ${quoted} }] }
`);
}

/** Returns the exports of a module after its types are removed. */
async function run(text: string): Promise<Record<string, unknown>> {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  expect(diagnostics.map(({ messageText }) => messageText)).to.deep.equal([]);
  return (await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`)) as Record<string, unknown>;
}

describe('codegen: written modules', () => {
  for (const name of HOSTILE) {
    it(`hold the name ${JSON.stringify(name)} and no code that runs`, async () => {
      const schema = familyOf(name);
      const module = await run(writeFamily(schema, `${name}.yaml`));
      expect(module['sampleSchema']).to.deep.equal(schema);
      expect(globalThis).not.to.have.property('broken');
      expect(Object.getPrototypeOf(module['sampleSchema'])).to.equal(Object.prototype);
    });
  }

  it('have one type for each name, even if names are similar', () => {
    const text = writeFamily(
      read(`
definitions:
  - { name: string, type: enum, entries: [a] }
  - { name: a-b, type: struct, members: [{ name: m, type: u8 }] }
  - { name: a_b, type: enum, entries: [x] }
attribute-sets:
  - { name: a-b, attributes: [{ name: x, type: u8, enum: a_b }, { name: y, type: u8, enum: string }, { name: z, type: binary, struct: a-b }] }
  - { name: a_b, attributes: [] }
operations: { list: [{ name: get, attribute-set: a-b, do: { request: {}, reply: {} } }] }
`),
      'sample.yaml',
    );
    const declared = [...text.matchAll(/^export (?:type|interface|const) (\w+)/gm)].map((match) => match[1]);
    expect(new Set(declared).size).to.equal(declared.length);
    expect(declared).not.to.include('String');
  });

  it('link a number to the object of its flags', () => {
    const text = writeFamily(
      read(`
definitions:
  - { name: bits, type: flags, entries: [a, b] }
  - { name: places, type: enum, entries: [c, d] }
  - { name: head, type: struct, members: [{ name: seen, type: u8, enum: bits }, { name: size, type: u8 }] }
attribute-sets:
  - name: main
    attributes:
      - { name: narrow, type: u32, enum: bits }
      - { name: wide, type: u64, enum: bits }
      - { name: list, type: indexed-array, sub-type: u16, enum: places, enum-as-flags: true }
      - { name: name, type: u32, enum: places }
operations: { fixed-header: head, list: [{ name: get, attribute-set: main, do: { request: {}, reply: {} } }] }
`),
      'sample.yaml',
    );
    const links = [...text.matchAll(/^ {2}\/\*\* Flags of \{@link (\w+)\}\. \*\/\n {2}readonly (\w+)/gm)].map(([, flags, property]) => [
      property,
      flags,
    ]);
    expect(links).to.deep.equal([
      ['seen', 'Bits'],
      ['narrow', 'Bits'],
      ['wide', 'Bits64'],
      ['list', 'PlacesFlags'],
    ]);
    for (const [, flags] of links) expect(text).to.include(`\nexport const ${flags!} = {`);
  });

  it('reject values that are not plain data', () => {
    expect(() => literal(0.5)).to.throw(RangeError, '0.5 is not an integer');
    expect(() => literal(undefined)).to.throw(TypeError);
    expect(() => literal(() => 1)).to.throw(TypeError);
  });

  it('are equal for equal input', async () => {
    for (const source of sources) {
      const schema = await loadSchema(source);
      expect(writeFamily(schema, 'x')).to.equal(writeFamily(structuredClone(schema), 'x'));
      expect(writeDescriptor(schema)).to.equal(writeDescriptor(schema));
    }
  }).timeout(30_000);
});
