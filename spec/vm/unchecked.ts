import type { FamilySchema } from '../../lib/schema/index.js';

/** The parts of a descriptor that reject or complete values of a request. */
const RULES: ReadonlySet<string> = new Set(['checks', 'only', 'excludes', 'needs', 'write', 'default']);

/**
 * Returns a descriptor without the rules for requests: its client sends what the package's client rejects, and shows what the kernel makes of it.
 *
 * @param set - The attributes that every request may have.
 */
export function unchecked<Schema extends FamilySchema>(schema: Schema, set: string): Schema {
  const copy = JSON.parse(JSON.stringify(schema, (key, value: unknown) => (RULES.has(key) ? undefined : value))) as Schema;
  const operations = copy.operations.map((operation) => ({
    ...operation,
    ...(operation.do && { do: { ...operation.do, input: { set } } }),
    ...(operation.dump && { dump: { ...operation.dump, input: { set } } }),
  }));
  return { ...copy, operations };
}
