import type { EnumSchema, StructSchema } from '../../schema/index.js';
import type { Definitions } from './definitions.js';
import { readStruct } from './structs/read-struct.js';
import type { SpecNode } from './spec-node.js';

/** Reads `definitions`. Structs may hold other structs in any order, but not themselves. @internal */
export function readDefinitions(root: SpecNode): Definitions {
  const enums = new Map<string, EnumSchema>();
  const structs = new Map<string, StructSchema>();
  const constants = new Map<string, number | string>();
  const definitions: Definitions = { enums, structs, constants };
  const nodes = root.list('definitions');
  const names = new Set<string>();
  for (const node of nodes) {
    const name = node.textOf('name');
    if (names.has(name)) node.fail('is defined twice');
    names.add(name);
    const type = node.choice('type', ['enum', 'flags', 'const', 'struct']);
    if (type === 'enum' || type === 'flags') enums.set(name, readEnum(node, name, type));
    if (type === 'const') readConstant(node, name, constants);
  }
  const pending = new Map(nodes.filter((node) => node.textOf('type') === 'struct').map((node) => [node.textOf('name'), node]));
  const order = [...pending.keys()];
  const resolve = (name: string): StructSchema | undefined => {
    const node = pending.get(name);
    pending.delete(name);
    if (node !== undefined) structs.set(name, readStruct(node, definitions, resolve));
    return structs.get(name);
  };
  return { ...definitions, structs: new Map(order.map((name) => [name, resolve(name)!])) };
}

function readConstant(node: SpecNode, name: string, constants: Map<string, number | string>): void {
  node.allowKeys('name', 'type', 'value');
  const { value } = node.get('value');
  if (typeof value !== 'number' && typeof value !== 'string') node.fail('must be a number or a string');
  constants.set(name, value);
  constants.set((node.findText('name-prefix') ?? '') + name, value);
}

function readEnum(node: SpecNode, name: string, kind: 'enum' | 'flags'): EnumSchema {
  node.allowKeys('name', 'type', 'entries', 'value-start');
  const entries: (readonly [string, number | bigint])[] = [];
  const names = new Set<string>();
  let next = node.find('value-start')?.integer(0, 0xffffffff) ?? 0;
  node.get('entries');
  for (const entry of node.list('entries')) {
    const simple = typeof entry.value === 'string';
    if (!simple) entry.allowKeys('name', 'value');
    const text = simple ? entry.text() : entry.textOf('name');
    if (names.has(text)) entry.fail('is listed twice');
    names.add(text);
    const value = (simple ? undefined : entry.find('value')?.integer(-0x80000000, Number.MAX_SAFE_INTEGER)) ?? next;
    entries.push([text, kind === 'flags' ? mask(entry, value) : value]);
    next = value + 1;
  }
  return { name, kind, entries };
}

/** Returns the mask of a flag, whose value is a bit number. */
function mask(entry: SpecNode, bit: number): number | bigint {
  if (bit < 0 || bit > 63) entry.fail(`bit ${bit} is out of range; expected 0 to 63`);
  return bit < 53 ? 2 ** bit : 1n << BigInt(bit);
}
