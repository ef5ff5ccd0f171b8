import type { AttributeSchema, AttributeSetSchema, ModeSchema, OperationSchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { Definitions } from './definitions.js';
import type { SpecNode } from './spec-node.js';

/** Reads the paths of the attributes that a request must have: `service.sched-name`. @internal */
export function readNeeds(mode: SpecNode): Pick<ModeSchema, 'needs'> {
  const paths = mode.find('request')?.list('needs') ?? [];
  return paths.length === 0 ? {} : { needs: paths.map((path) => path.text().split('.').map(camelCase)) };
}

/** Checks that the requests of an operation have the properties that they need. @internal */
export function checkNeeds(
  node: SpecNode,
  operation: OperationSchema,
  sets: readonly AttributeSetSchema[],
  { structs }: Definitions,
): void {
  const attributesOf = (name: string | undefined): readonly AttributeSchema[] => sets.find((set) => set.name === name)?.attributes ?? [];
  for (const mode of ['do', 'dump'] as const) {
    const { needs = [], input = operation } = operation[mode] ?? {};
    const members = structs.get(input.fixedHeader ?? '')?.members ?? [];
    for (const path of needs) {
      if (path.length === 1 && members.some(({ property }) => property === path[0])) continue;
      let set = input.set;
      for (const property of path) {
        const attribute = attributesOf(set).find((one) => one.property === property);
        if (attribute === undefined) return node.get(mode).fail(`'needs' refers to '${path.join('.')}', which requests do not have`);
        set = attribute.set;
      }
    }
  }
  const { set, fixedHeader } = operation.do?.input ?? operation;
  const known = [...attributesOf(set), ...(structs.get(fixedHeader ?? '')?.members ?? [])];
  const { properties = [], nonzero = [], without = [] } = operation.needsOne ?? {};
  for (const property of [...properties, ...nonzero, ...without]) {
    if (!known.some((one) => one.property === property))
      return node.get('needs-one').fail(`it refers to '${property}', which requests do not have`);
  }
}

/** Reads the properties of which a request must have one, and what the kernel does without any. @internal */
export function readNeedsOne(node: SpecNode): Pick<OperationSchema, 'needsOne'> {
  const source = node.find('needs-one');
  if (source === undefined) return {};
  source.allowKeys('of', 'zeros', 'nonzero', 'without', 'otherwise');
  const names = (key: string): string[] => source.list(key).map((name) => camelCase(name.text()));
  const more = Object.fromEntries(
    (['zeros', 'nonzero', 'without'] as const).flatMap((key) => (source.has(key) ? [[key, names(key)] as const] : [])),
  );
  return { needsOne: { properties: names('of'), ...more, otherwise: source.textOf('otherwise') } };
}
