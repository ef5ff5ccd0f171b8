import { FieldError } from '../../common/field-error.js';
import { identity } from '../objects/thing.js';
import type { CompiledRule } from '../rules/rule-context.js';
import type { FoundTable } from '../state/found-table.js';
import { usedByElement, usedByRule } from './references.js';
import type { WantedRule, WantedSet, WantedTable } from './wanted-table.js';

/** Checks that a table has what its rules and elements name: the kernel only answers `ENOENT` for the whole transaction. @internal */
export class ReferencesCheck {
  readonly #known: ReadonlySet<string>;
  /** The names of objects that stay in the table, though the document does not list them. */
  readonly #objects: ReadonlySet<string>;

  constructor(wanted: WantedTable, found: FoundTable | undefined) {
    const listed = [
      ...wanted.flowtables,
      ...wanted.objects,
      ...wanted.sets.map(({ set }) => set),
      ...wanted.chains.map(({ chain }) => chain),
    ];
    // What a document does not list goes, if it owns the whole table.
    const kept = wanted.isWhole ? undefined : found;
    this.#known = new Set([
      ...listed.map(identity),
      ...(kept?.flowtables ?? []).map(identity),
      // A set whose types are not known is left alone in any table.
      ...[...(kept?.sets.keys() ?? []), ...(found?.unknownSets ?? [])].map((name) => `set ${name}`),
      ...[...(kept?.chains.keys() ?? [])].map((name) => `chain ${name}`),
    ]);
    const readable = new Set(wanted.isWhole ? found?.objects.map(({ name }) => name) : []);
    this.#objects = new Set(found?.state.objects.flatMap(({ name = '' }) => (readable.has(name) ? [] : [name])));
  }

  /** @throws FieldError `unknown-name` with the place of a name of something that is missing */
  rule({ rule, path }: WantedRule, compiled: CompiledRule): void {
    const anonymous = new Set(compiled.sets.map(({ set }) => `set ${set.name}`));
    for (const used of usedByRule(compiled)) {
      if (anonymous.has(used) || this.#has(used)) continue;
      this.#refuse(`${path}${placeOf(rule, nameOf(used)) ?? ''}`, used);
    }
  }

  /** @throws FieldError `unknown-name` with the place of an element that names something that is missing */
  elements({ set, elements, path }: WantedSet): void {
    const { data } = set.layout;
    if (data === undefined || data.kind === 'value') return;
    for (const [index, element] of (elements ?? []).entries()) {
      const used = usedByElement(set.layout, element);
      if (used === undefined || this.#has(used)) continue;
      const verdict = element.data !== undefined && 'verdict' in element.data ? `.${element.data.verdict.code}` : '';
      this.#refuse(`${path}.elements[${index}].data${verdict}`, used);
    }
  }

  #has(used: string): boolean {
    return this.#known.has(used) || (used.startsWith('object ') && this.#objects.has(nameOf(used)));
  }

  #refuse(path: string, used: string): never {
    throw new FieldError(path, `the table has no ${used.replace(/^object /, '').replace(' ', " '")}'`, 'unknown-name');
  }
}

/** Returns the name in an identity, which ends with it. */
function nameOf(used: string): string {
  return used.slice(used.lastIndexOf(' ') + 1);
}

/** Returns the path of a name in a rule or a link: `.then[0].jump`. @internal */
export function placeOf(value: unknown, name: string): string | undefined {
  if (value === name || value === `@${name}`) return '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'comment' || key === 'alias') continue;
    const place = placeOf(inner, name);
    if (place !== undefined) return `${Array.isArray(value) ? `[${key}]` : `.${key}`}${place}`;
  }
  return undefined;
}
