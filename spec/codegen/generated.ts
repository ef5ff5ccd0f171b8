import { readdirSync } from 'node:fs';
import type { FamilySchema } from '../../lib/schema/descriptor/descriptor.js';

const FOLDER = new URL('../../lib/families/generated/', import.meta.url);

/** The names of the generated modules, which are those of the specifications. */
export const sources: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort();

/** The descriptor that a generated module exports. */
export async function loadSchema(source: string): Promise<FamilySchema> {
  const module = (await import(`../../lib/families/generated/${source}.ts`)) as Record<string, unknown>;
  const [name] = Object.keys(module).filter((key) => key.endsWith('Schema'));
  return module[name!] as FamilySchema;
}

/** Loads the descriptors of all generated modules. */
export async function loadSchemas(): Promise<readonly FamilySchema[]> {
  return Promise.all(sources.map(loadSchema));
}
