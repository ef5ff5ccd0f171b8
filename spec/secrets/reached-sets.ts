import type { FamilySchema } from '../../lib/schema/index.js';

/** Returns the sets that some operation contains: its own set, nested sets, and the sets of sub-messages. */
export function reachedSets({ operations, sets, subMessages }: FamilySchema): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'subMessage') subMessages.filter(({ name }) => name === inner).forEach(visit);
      else if (key !== 'set' || typeof inner !== 'string') visit(inner);
      else if (!found.has(inner)) {
        found.add(inner);
        visit(sets.find(({ name }) => name === inner)?.attributes);
      }
    }
  };
  visit(operations);
  return found;
}
