import type { AttributeSchema, AttributeSetSchema, IgnoredRule } from '../../../schema/index.js';
import { camelCase } from '../../names.js';
import type { SpecNode } from '../spec-node.js';

/** Reads `ignored`: the cases in which the kernel silently ignores an attribute of a request. @internal */
export function readIgnored(attribute: SpecNode): Pick<AttributeSchema, 'ignored'> {
  if (!attribute.has('ignored')) return {};
  const ignored = attribute.list('ignored').map((node): IgnoredRule => {
    node.allowKeys('beside', 'without', 'attribute', 'values', 'except', 'bits', 'not-zero');
    const rule: IgnoredRule = {
      ...readProperties(node, 'beside'),
      ...readProperties(node, 'without'),
      ...readWhen(node),
      ...(node.has('bits') ? { bits: node.get('bits').integer(1, 0xffffffff) } : {}),
      ...(node.isTrue('not-zero') ? { notZero: true } : {}),
    };
    const hasReason = rule.beside !== undefined || rule.without !== undefined || rule.when !== undefined;
    return hasReason ? rule : node.fail("needs 'beside', 'without' or 'attribute'");
  });
  return ignored.length === 0 ? attribute.get('ignored').fail('must hold at least one case') : { ignored };
}

/** Checks that the cases of a set refer to attributes of the set. A subset may lack some: requests never have them. @internal */
export function checkIgnored(node: SpecNode, { attributes, subsetOf }: AttributeSetSchema): void {
  if (subsetOf !== undefined) return;
  const properties = new Set(attributes.map(({ property }) => property));
  for (const { name, ignored = [] } of attributes) {
    const named = ignored.flatMap(({ beside = [], without = [], when }) => [...beside, ...without, ...(when ? [when.property] : [])]);
    const missing = named.find((path) => !properties.has(path.split('.', 1)[0]!));
    if (missing !== undefined) node.fail(`'ignored' of '${name}' refers to '${missing}', which is not in the set`);
  }
}

function readProperties(node: SpecNode, key: 'beside' | 'without'): Pick<IgnoredRule, 'beside' | 'without'> {
  if (!node.has(key)) return {};
  const paths = node.list(key).map((path) => path.text().split('.'));
  return { [key]: paths.map((path) => path.map((name) => camelCase(name)).join('.')) };
}

function readWhen(node: SpecNode): Pick<IgnoredRule, 'when'> {
  if (!node.has('attribute')) return {};
  const read = (key: 'values' | 'except'): object =>
    node.has(key)
      ? {
          [key]: node
            .get(key)
            .items()
            .map((entry) => (typeof entry.value === 'number' ? entry.integer(0, 0xffffffff) : entry.text())),
        }
      : {};
  const when = { property: camelCase(node.textOf('attribute')), ...read('values'), ...read('except') };
  return Object.keys(when).length === 2 ? { when } : node.fail("needs either 'values' or 'except'");
}
