import type { AttributeSetSchema, OperationSchema } from '../schema/index.js';
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
  const names = new Set<string>();
  for (const { name } of sets.find(({ name }) => name === operation.set)?.attributes ?? []) names.add(name);
  const header = operation.fixedHeader === undefined ? undefined : structs.get(operation.fixedHeader);
  for (const { name } of header?.members ?? []) names.add(name);
  for (const mode of [node.find('do'), node.find('dump')]) {
    for (const direction of ['request', 'reply']) {
      for (const attribute of mode?.find(direction)?.list('attributes') ?? []) {
        if (!names.has(attribute.text())) note(`${node.file}: ${attribute.path}: neither '${String(operation.set)}' nor the header has it`);
      }
    }
  }
}
