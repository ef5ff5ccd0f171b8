import { families, type FamilyName } from '../../../families/index.js';
import type { FamilySchema } from '../../../schema/index.js';

/** Loads the descriptor of a family. Its module exports one. */
export async function schemaOf(name: FamilyName): Promise<FamilySchema> {
  const module: object = await families[name]();
  const schema = Object.entries(module).find(([key]) => key.endsWith('Schema'))?.[1] as FamilySchema | undefined;
  if (schema === undefined) throw new Error(`the family ${name} has no descriptor`);
  return schema;
}
