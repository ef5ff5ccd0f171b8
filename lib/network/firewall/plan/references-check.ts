import { FieldError } from '../../common/field-error.js';
import { placeOf } from '../../common/place-of.js';
import { requirePlaces } from '../objects/chain-types.js';
import { identity } from '../objects/thing.js';
import type { CompiledRule } from '../rules/rule-context.js';
import type { FoundTable } from '../state/found-table.js';
import { usedByElement, usedByRule } from './references.js';
import type { WantedRule, WantedSet, WantedTable } from './wanted-table.js';

/** The levels of jumps below a base chain: one less than `NFT_JUMP_STACK_SIZE`. */
const MOST_LEVELS = 15;

/** The use of a chain or a set, and its place in the document. */
interface Use {
  readonly used: string;
  readonly place: () => string;
}

/**
 * Checks that a table has what its rules and elements name: the kernel only answers `ENOENT` for the whole transaction.
 *
 * Follows jumps too: in a dry run, the kernel does not check those of a table that it creates.
 *
 * @internal
 */
export class ReferencesCheck {
  /** The uses of each chain and of each map. */
  readonly #uses = new Map<string, Use[]>();
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
  rule(chain: string, { rule, path }: WantedRule, compiled: CompiledRule): void {
    const anonymous = new Set(compiled.sets.map(({ set }) => `set ${set.name}`));
    for (const used of usedByRule(compiled)) {
      if (anonymous.has(used)) continue;
      this.#use(`chain ${chain}`, used, () => `${path}${placeOf(rule, nameOf(used)) ?? ''}`);
    }
  }

  /** @throws FieldError `unknown-name` with the place of an element that names something that is missing */
  elements({ set, elements, path }: WantedSet): void {
    const { data } = set.layout;
    if (data === undefined || data.kind === 'value') return;
    for (const [index, element] of (elements ?? []).entries()) {
      const used = usedByElement(set.layout, element);
      if (used === undefined) continue;
      const verdict = element.data !== undefined && 'verdict' in element.data ? `.${element.data.verdict.code}` : '';
      this.#use(`set ${set.name}`, used, () => `${path}.elements[${index}].data${verdict}`);
    }
  }

  #has(used: string): boolean {
    return this.#known.has(used) || (used.startsWith('object ') && this.#objects.has(nameOf(used)));
  }

  /** Notes a use. */
  #use(from: string, used: string, place: () => string): void {
    if (!this.#has(used)) throw new FieldError(place(), `the table has no ${wordsOf(used)}`, 'unknown-name');
    if (!/^(?:chain|set) /.test(used)) return;
    const use = { used, place };
    const uses = this.#uses.get(from);
    if (uses === undefined) this.#uses.set(from, [use]);
    else uses.push(use);
  }

  /**
   * Checks the jumps from base chains, once all rules and elements are known.
   *
   * @throws FieldError with the place of a jump in a circle or below too many others, or of a statement where the kernel does not accept it
   */
  jumps({ family, chains }: WantedTable): void {
    for (const { chain: base } of chains) {
      if (base.settings['hook'] === undefined) continue;
      const levels = new Map<string, number>();
      this.#levelsBelow(identity(base), levels);
      for (const { chain, rules } of chains)
        if (chain !== base && levels.has(identity(chain)))
          for (const { rule, path } of rules ?? []) requirePlaces(family, base.settings, rule.then, `${path}.then`);
    }
  }

  /** Returns the number of levels of jumps below a chain or a map. @param known - Those that are known; infinite for one in progress. */
  #levelsBelow(from: string, known: Map<string, number>): number {
    let most = known.get(from);
    if (most !== undefined) return most;
    most = 0;
    known.set(from, Infinity);
    for (const { used, place } of this.#uses.get(from) ?? []) {
      const levels = this.#levelsBelow(used, known) + (used.startsWith('chain ') ? 1 : 0);
      if (levels === Infinity) throw new FieldError(place(), `${wordsOf(used)} leads back to itself by jumps`);
      if (levels > MOST_LEVELS)
        throw new FieldError(place(), `the kernel accepts at most ${MOST_LEVELS} levels of jumps below a base chain`);
      most = Math.max(most, levels);
    }
    known.set(from, most);
    return most;
  }
}

/** Returns an identity in words: `chain 'c'`. */
function wordsOf(used: string): string {
  return `${used.replace(/^object /, '').replace(' ', " '")}'`;
}

/** Returns the name in an identity, which ends with it. */
function nameOf(used: string): string {
  return used.slice(used.lastIndexOf(' ') + 1);
}
