import type { AttributeSetSchema, OperationSchema } from '../schema/index.js';
import { shapeOf } from '../schema/internal.js';
import type { Context } from './read/read-attribute.js';
import type { SpecNode } from './read/spec-node.js';

/** Receives notes about harmless oddities, one sentence each. @internal */
export type NoteTaker = (note: string) => void;

/**
 * Reports attributes that an operation lists although neither its set nor its header has them.
 *
 * The generator uses the lists only here, because they are incomplete in all specifications: requests and replies may hold the
 * whole set and the header.
 *
 * @internal
 */
export function reportUnlistedAttributes(
  node: SpecNode,
  operation: OperationSchema,
  sets: readonly AttributeSetSchema[],
  { structs }: Context,
  note: NoteTaker,
): void {
  for (const mode of ['do', 'dump'] as const) {
    for (const direction of ['request', 'reply'] as const) {
      const { set, fixedHeader } = shapeOf(operation, direction === 'reply' ? 'reply' : mode);
      const header = fixedHeader === undefined ? undefined : structs.get(fixedHeader);
      const known = [...(sets.find(({ name }) => name === set)?.attributes ?? []), ...(header?.members ?? [])].map(({ name }) => name);
      for (const attribute of node.find(mode)?.find(direction)?.list('attributes') ?? []) {
        if (!known.includes(attribute.text())) note(`${node.file}: ${attribute.path}: neither '${String(set)}' nor the header has it`);
      }
    }
  }
}
