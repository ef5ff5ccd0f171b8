import type { FamilySchema } from '../../../lib/schema/index.js';
import type { ModeSchema } from '../../../lib/schema/descriptor/descriptor.js';

/** Returns a descriptor without the attributes that requests need, for requests with one attribute only. */
export function withoutNeeds(schema: FamilySchema): FamilySchema {
  const strip = ({ needs: _needs, ...mode }: ModeSchema): ModeSchema => mode;
  return {
    ...schema,
    operations: schema.operations.map(({ do: doing, dump, ...operation }) => ({
      ...operation,
      ...(doing && { do: strip(doing) }),
      ...(dump && { dump: strip(dump) }),
    })),
  };
}
