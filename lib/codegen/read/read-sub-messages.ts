import { omitUndefined } from '../../check/index.js';
import type { AttributeSetSchema, FormatSchema, SubMessageSchema } from '../../schema/index.js';
import { readValue, type Context } from './read-attribute.js';
import type { SpecNode } from './spec-node.js';

/** Reads `sub-messages`. @internal */
export function readSubMessages(root: SpecNode, sets: readonly AttributeSetSchema[], context: Context): SubMessageSchema[] {
  return root.list('sub-messages').map((node) => {
    node.allowKeys('name', 'formats');
    const seen = new Set<string>();
    const formats = node.list('formats').map((entry) => {
      const format = readFormat(entry, context);
      if (seen.has(format.value)) entry.fail('is listed twice');
      seen.add(format.value);
      return format;
    });
    const name = node.textOf('name');
    checkSelectors(node, name, formats, sets, context);
    return { name, formats };
  });
}

function readFormat(node: SpecNode, context: Context): FormatSchema {
  node.allowKeys('value', 'attribute-set', 'fixed-header', 'content');
  const value = node.textOf('value');
  const [header, set, content] = [node.find('fixed-header'), node.find('attribute-set'), node.find('content')];
  if (header !== undefined && !context.structs.has(header.text())) header.fail(`no struct '${header.text()}' is defined`);
  if (set !== undefined && !context.setNames.has(set.text())) set.fail(`no attribute set '${set.text()}' is defined`);
  if (content !== undefined && (header ?? set) !== undefined) content.fail('cannot be combined with a fixed header or an attribute set');
  return {
    value,
    ...omitUndefined({ fixedHeader: header?.text(), set: set?.text(), content: content && readValue(content, context) }),
  };
}

/** Checks the selectors: if a selector is an enum, the values of the formats are names of its entries. */
function checkSelectors(
  node: SpecNode,
  name: string,
  formats: readonly FormatSchema[],
  sets: readonly AttributeSetSchema[],
  context: Context,
): void {
  for (const set of sets) {
    for (const { subMessage, selector } of set.attributes) {
      if (subMessage !== name || selector?.outer === true) continue;
      const chooser = set.attributes.find((attribute) => attribute.name === selector?.name);
      if (chooser?.type !== 'string' && chooser?.enum === undefined)
        node.fail(`the selector '${String(selector?.name)}' of '${set.name}' is neither a string nor an enum`);
      if (chooser.enum === undefined) continue;
      const entries = context.enums.get(chooser.enum)!.entries;
      const unknown = formats.find(({ value }) => !entries.some(([entry]) => entry === value));
      if (unknown !== undefined) node.fail(`'${unknown.value}' is not an entry of '${chooser.enum}'`);
    }
  }
}
