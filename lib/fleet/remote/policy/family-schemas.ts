import { families, type FamilyName } from '../../../families/index.js';
import type { FamilySchema } from '../../../schema/index.js';

/** The names of the families that have operations. @internal */
export const FAMILY_NAMES: readonly FamilyName[] = (Object.keys(families) as FamilyName[]).filter((name) => name !== 'uevent');

/** Loads the descriptor of a family. @internal */
export async function loadSchema(name: FamilyName): Promise<FamilySchema> {
  const module: object = await families[name]();
  for (const value of Object.values(module) as unknown[]) if (isSchema(value, name)) return value;
  throw new TypeError(`family ${name} has no descriptor`);
}

function isSchema(value: unknown, name: string): value is FamilySchema {
  return typeof value === 'object' && value !== null && 'operations' in value && (value as Partial<FamilySchema>).source === name;
}
