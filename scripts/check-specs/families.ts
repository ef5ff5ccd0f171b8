import { readdirSync } from 'node:fs';

import type { FamilySchema } from '../../lib/schema/descriptor.js';

const GENERATED = new URL('../../lib/families/generated/', import.meta.url);

/** The descriptors of all generated families, by their source. */
export async function loadFamilies(): Promise<FamilySchema[]> {
  const files = readdirSync(GENERATED).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  const modules = await Promise.all(files.sort().map((name) => import(new URL(name, GENERATED).href) as Promise<Record<string, unknown>>));
  return modules.flatMap((module) => Object.values(module).filter(isFamily));
}

function isFamily(value: unknown): value is FamilySchema {
  return typeof value === 'object' && value !== null && 'schema' in value && value.schema === 1 && 'source' in value;
}
