import { omitUndefined } from '../../check/index.js';
import type { AttributeSchema, AttributeSetSchema } from '../../schema/index.js';
import { readAttribute, type Context } from './read-attribute.js';
import { checkIgnored } from './rules/read-ignored.js';
import { checkWriteRules } from './rules/read-write-rule.js';
import { SpecNode } from './spec-node.js';

/** The largest number: NLA_F_NESTED and NLA_F_NET_BYTEORDER are the upper two bits of the type. */
const MAX_ID = 0x3fff;

/** Reads `attribute-sets`; the attributes of subsets are complete. @internal */
export function readSets(root: SpecNode, context: Context): AttributeSetSchema[] {
  const nodes = new Map<string, SpecNode>();
  for (const node of root.list('attribute-sets')) {
    const name = node.textOf('name');
    if (nodes.has(name)) node.fail('is defined twice');
    nodes.set(name, node);
  }
  return placeSelectors(
    root,
    [...nodes.values()].map((node) => readSet(node, nodes, context)),
  );
}

function readSet(node: SpecNode, nodes: ReadonlyMap<string, SpecNode>, context: Context): AttributeSetSchema {
  node.allowKeys('name', 'subset-of', 'attributes');
  node.get('attributes');
  const name = node.textOf('name');
  const subsetOf = node.findText('subset-of');
  const attributes = [...listAttributes(node, nodes)].map(([entry, id]) => readAttribute(entry, id, context));
  checkUnique(node, attributes);
  const set = { name, ...omitUndefined({ subsetOf }), attributes };
  checkWriteRules(node, set);
  checkExcluded(node, set);
  checkIgnored(node, set);
  return set;
}

/** Returns the entries of a set with their numbers; entries of a subset are merged with those of the parent set. */
function* listAttributes(node: SpecNode, nodes: ReadonlyMap<string, SpecNode>, depth = 0): Generator<[SpecNode, number]> {
  const reference = node.find('subset-of');
  if (reference === undefined) {
    yield* numberAttributes(node);
    return;
  }
  if (depth > nodes.size) reference.fail('the set is a subset of itself');
  const parent = nodes.get(reference.text()) ?? reference.fail(`no attribute set '${reference.text()}' is defined`);
  const inherited = new Map<string, [SpecNode, number]>();
  for (const [entry, id] of listAttributes(parent, nodes, depth + 1)) inherited.set(entry.textOf('name'), [entry, id]);
  const seen = new Set<string>();
  for (const entry of node.list('attributes')) {
    const name = entry.textOf('name');
    const [original, id] = inherited.get(name) ?? entry.fail(`'${parent.textOf('name')}' has no such attribute`);
    if (entry.has('value') && entry.get('value').value !== id) entry.fail(`its number in the parent set is ${id}`);
    const merged = new SpecNode(entry.file, entry.path, { ...(original.value as object), ...(entry.value as object) });
    // A subset may list an attribute twice; the second entry has no effect.
    if (!seen.has(name)) yield [merged, id];
    seen.add(name);
  }
}

function* numberAttributes(node: SpecNode): Generator<[SpecNode, number]> {
  let next = 1;
  for (const entry of node.list('attributes')) {
    const id = entry.find('value')?.integer(0, MAX_ID) ?? next;
    if (id > MAX_ID) entry.fail(`the number ${id} is too large; expected at most ${MAX_ID}`);
    yield [entry, id];
    next = id + 1;
  }
}

function checkUnique(node: SpecNode, attributes: readonly AttributeSchema[]): void {
  const ids = new Map<number, string>();
  const properties = new Map<string, string>();
  for (const { name, property, id, type } of attributes) {
    if (type === 'pad' || type === 'unused') continue;
    const [sameId, sameProperty] = [ids.get(id), properties.get(property)];
    if (sameId !== undefined) node.fail(`'${name}' and '${sameId}' have the same number ${id}`);
    if (sameProperty !== undefined) node.fail(`'${name}' and '${sameProperty}' are both '${property}'`);
    ids.set(id, name);
    properties.set(property, name);
  }
}

/** Checks that attributes exclude attributes of their own set. A subset may lack some: requests never have them. */
function checkExcluded(node: SpecNode, { attributes, subsetOf }: AttributeSetSchema): void {
  if (subsetOf !== undefined) return;
  const properties = new Set(attributes.map(({ property }) => property));
  for (const { name, excludes = [] } of attributes) {
    const missing = excludes.find((property) => !properties.has(property));
    if (missing !== undefined) node.fail(`'excludes' of '${name}' refers to '${missing}', which is not in the set`);
  }
}

/** Checks the selectors: one that is not in the attribute's own set must be in an enclosing set. */
function placeSelectors(root: SpecNode, sets: AttributeSetSchema[]): AttributeSetSchema[] {
  return sets.map((set) => {
    const attributes = set.attributes.map((attribute) => {
      const { selector } = attribute;
      if (selector === undefined || set.attributes.some(({ name }) => name === selector.name)) return attribute;
      const enclosing = sets.some((other) => other.attributes.some(({ name }) => name === selector.name));
      if (!enclosing) root.fail(`attribute-sets[${set.name}].attributes[${attribute.name}]: no set has the selector '${selector.name}'`);
      return { ...attribute, selector: { ...selector, outer: true as const } };
    });
    return { ...set, attributes };
  });
}
