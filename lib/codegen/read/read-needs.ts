import type { AttributeSetSchema, ModeSchema, OperationSchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { SpecNode } from './spec-node.js';

/** Reads the paths of the attributes that a request must have: `service.sched-name`. @internal */
export function readNeeds(mode: SpecNode): Pick<ModeSchema, 'needs'> {
  const paths = mode.find('request')?.list('needs') ?? [];
  return paths.length === 0 ? {} : { needs: paths.map((path) => path.text().split('.').map(camelCase)) };
}

/** Checks that the sets of an operation have the attributes that its requests need. @internal */
export function checkNeeds(node: SpecNode, operation: OperationSchema, sets: readonly AttributeSetSchema[]): void {
  for (const mode of ['do', 'dump'] as const) {
    const { needs = [], input = operation } = operation[mode] ?? {};
    for (const path of needs) {
      let set = input.set;
      for (const property of path) {
        const name = set;
        const attribute = sets.find((one) => one.name === name)?.attributes.find((one) => one.property === property);
        if (attribute === undefined) return node.get(mode).fail(`'needs' refers to '${path.join('.')}', which requests do not have`);
        set = attribute.set;
      }
    }
  }
}
