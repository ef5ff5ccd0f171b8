import { families, type FamilyName } from '../../families/index.js';
import type { FamilySchema } from '../../schema/index.js';

/** Returns the descriptor of a family of the package, which its module exports; undefined for `uevent`, which has none. */
export async function loadSchema(name: FamilyName): Promise<FamilySchema | undefined> {
  const module: object = await families[name]();
  return Object.entries(module).find(([key]) => key.endsWith('Schema'))?.[1] as FamilySchema | undefined;
}
