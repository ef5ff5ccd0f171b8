/** The lists that hold the names which these keys refer to. */
const REFERENCES: Readonly<Record<string, string>> = {
  enum: 'definitions',
  struct: 'definitions',
  'fixed-header': 'definitions',
  'nested-attributes': 'attribute-sets',
  'attribute-set': 'attribute-sets',
  'subset-of': 'attribute-sets',
  'sub-message': 'sub-messages',
  notify: 'operations',
};

/** Returns the names of a list of the specification. */
type NamesOf = (list: string) => readonly string[];

/**
 * Returns true if two names differ only in `_`, `-` and spaces between words.
 *
 * The kernel renames `local_v4` to `local-v4` in its YAML; neither the number nor the property changes.
 *
 * @internal
 */
export function areAlike(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'string' && typeof other === 'string' && dashed(one) === dashed(other));
}

/** Returns the entry with the name; without one, the entry whose name is alike. @internal */
export function findAlike<Entry>(list: readonly Entry[], nameOf: (entry: Entry) => unknown, name: string): Entry | undefined {
  return list.find((entry) => nameOf(entry) === name) ?? list.find((entry) => areAlike(nameOf(entry), name));
}

/** Returns a copy of a part of an overlay in which references have the spelling of the specification. @internal */
export function respell(part: unknown, namesOf: NamesOf): unknown {
  if (Array.isArray(part)) return part.map((entry) => respell(entry, namesOf));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => {
      const list = REFERENCES[key];
      if (list === undefined || typeof value !== 'string') return [key, respell(value, namesOf)];
      return [key, findAlike(namesOf(list), (name) => name, value) ?? value];
    }),
  );
}

function dashed(name: string): string {
  return name.replaceAll(/[_ ]/g, '-');
}
