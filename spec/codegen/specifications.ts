import { parseSpec, readFamily } from '../../lib/codegen/read/read-family.js';
import type { AttributeSchema, AttributeSetSchema, FamilySchema } from '../../lib/schema/descriptor/descriptor.js';

/** The sections that every specification needs; a section of a spec replaces the one here. */
const SECTIONS: Readonly<Record<string, string>> = {
  name: 'name: sample',
  'attribute-sets': 'attribute-sets: [{ name: top, attributes: [{ name: id, type: u32 }] }]',
  operations: 'operations: { list: [{ name: get, attribute-set: top, do: { request: {}, reply: {} } }] }',
};

/** Returns the text of a specification: the given sections, and the others from above. */
export function specification(yaml: string): string {
  const missing = Object.entries(SECTIONS).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(yaml));
  return `${missing.map(([, text]) => text).join('\n')}\n${yaml}`;
}

/** Returns the descriptor of such a specification. */
export function read(yaml: string, notes: string[] = []): FamilySchema {
  return readFamily(parseSpec(specification(yaml), 'sample.yaml'), 'sample.yaml', (note) => notes.push(note));
}

/** Returns the set of a specification with these attributes, one flow mapping in each line. */
export function readSet(lines: readonly string[], rest = ''): AttributeSetSchema {
  const attributes = lines.map((line) => `      - ${line}`).join('\n');
  return read(`attribute-sets:\n  - name: other\n    attributes: []\n  - name: top\n    attributes:\n${attributes}\n${rest}`).sets[1]!;
}

/** Returns the attribute of a set with one attribute, without its name and number. */
export function readOne(line: string, rest = ''): Omit<AttributeSchema, 'name' | 'property' | 'id'> {
  const { name: _name, property: _property, id: _id, ...value } = readSet([`{ name: it, ${line} }`], rest).attributes[0]!;
  return value;
}
