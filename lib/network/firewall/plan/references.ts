import type { Element } from '../objects/element.js';
import type { SetLayout } from '../objects/set-layout.js';
import type { CompiledRule, RuleExpression } from '../rules/rule-context.js';

/** The types of objects to which an expression refers, by their number (`NFT_OBJECT_*`). */
const OBJECT_TYPES: Readonly<Record<number, string>> = {
  1: 'counter',
  2: 'quota',
  3: 'ct-helper',
  4: 'limit',
  5: 'connlimit',
  6: 'tunnel',
  7: 'ct-timeout',
  8: 'secmark',
  9: 'ct-expect',
  10: 'synproxy',
};

/** The attributes of expressions and elements that name something. */
interface Naming {
  readonly set?: string;
  readonly setName?: string;
  readonly name?: string;
  readonly immType?: number;
  readonly immName?: string;
  readonly data?: { readonly verdict?: { readonly chain?: string } };
  readonly verdict?: { readonly chain?: string };
}

/** Returns the identities of the things that a rule uses, also through its anonymous sets. @internal */
export function usedByRule({ expressions, sets }: CompiledRule): ReadonlySet<string> {
  const used = new Set(expressions.flatMap(usedByExpression));
  for (const { set, elements } of sets) {
    for (const { data, objref } of elements) {
      if (data?.verdict?.chain !== undefined) used.add(`chain ${data.verdict.chain}`);
      if (objref !== undefined) used.add(objectIdentity(set.objType, objref));
    }
  }
  return used;
}

function usedByExpression({ name, data }: RuleExpression): readonly string[] {
  const { set, setName, immType, immName, data: value, name: flowtable } = (data ?? {}) as Naming;
  const used = [set, setName].flatMap((named) => (named === undefined ? [] : [`set ${named}`]));
  if (name === 'flow_offload' && flowtable !== undefined) used.push(`flowtable ${flowtable}`);
  if (immName !== undefined) used.push(objectIdentity(immType, immName));
  if (value?.verdict?.chain !== undefined) used.push(`chain ${value.verdict.chain}`);
  return used;
}

/** Returns the identity of the thing that an element of a map uses; undefined if it uses none. @internal */
export function usedByElement({ data }: SetLayout, element: Element): string | undefined {
  if (element.data === undefined || data === undefined) return undefined;
  if ('object' in element.data) return data.kind === 'object' ? `object ${data.type} ${element.data.object}` : undefined;
  return 'verdict' in element.data && element.data.verdict.chain !== undefined ? `chain ${element.data.verdict.chain}` : undefined;
}

function objectIdentity(type: number | undefined, name: string): string {
  return `object ${OBJECT_TYPES[type ?? 0] ?? String(type)} ${name}`;
}
