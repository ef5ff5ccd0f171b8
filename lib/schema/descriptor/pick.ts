import { needsFamily } from '../codec/address/address-scope.js';
import { ownFamily } from '../codec/address/family-ahead.js';
import type { AttributeSchema, OperationSchema } from './descriptor.js';
import { type SchemaIndex } from './schema-index.js';
import { hasValue } from '../kinds/table.js';
import { suggestion } from '../../check/index.js';

/**
 * The number of picks that stay compiled, for each operation and for the sets of each family: a program repeats a few picks.
 *
 * @internal
 */
export const MOST_PICKS = 64;

/**
 * Sorts the properties of a pick and drops repeated ones, so that equal picks have equal lists.
 *
 * @param known - The properties that messages of the operation may have.
 * @throws TypeError for a property that none of them has.
 * @internal
 */
export function canonicalPick(known: ReadonlySet<string>, names: readonly string[], where: string): readonly string[] {
  for (const name of names) {
    if (known.has(name)) continue;
    throw new TypeError(`${where} has no property '${name}' to pick${suggestion(name, known, ': ')}`);
  }
  return names.length === 1 ? names : [...new Set(names)].sort();
}

/** Lists the properties that messages of an operation may have: fields of the header, then attributes. @internal */
export function propertiesOf(
  index: SchemaIndex,
  { fixedHeader, set, variants = [] }: Pick<OperationSchema, 'fixedHeader' | 'set' | 'variants'>,
): string[] {
  const members = fixedHeader === undefined ? [] : index.struct(fixedHeader).members;
  const sets = [set, ...variants.map((variant) => variant.set)].filter((name) => name !== undefined);
  const values = [...members, ...sets.flatMap((name) => index.set(name).attributes)];
  return values.filter(hasValue).map(({ property }) => property);
}

/** The parts of a body that must be decoded for some of its properties. @internal */
export interface PickPlan {
  /** Returns true if the property is shown. */
  readonly shows: (property: string) => boolean;
  /** Returns true if the attribute must be decoded. */
  readonly needs: (attribute: AttributeSchema) => boolean;
  /** Properties of the same set that select the form of shown attributes: of sub-messages, of addresses. */
  readonly selectors: readonly string[];
  /**
   * Properties by which sub-messages further in may select their format; undefined if no shown attribute contains such a
   * sub-message.
   */
  readonly scope: ReadonlySet<string> | undefined;
}

/**
 * Finds the parts of a body that must be decoded: the shown properties, and those on which they depend.
 *
 * @param pick - The properties that are shown; all if omitted.
 * @internal
 */
export function pickPlan(index: SchemaIndex, set: string | undefined, pick: readonly string[] | undefined): PickPlan {
  const names = pick === undefined ? undefined : new Set(pick);
  const shows = (property: string): boolean => names === undefined || names.has(property);
  const shown = set === undefined ? [] : index.set(set).attributes.filter(({ property }) => shows(property));
  const selectors = new Set<string>();
  for (const attribute of shown) {
    const { selector } = attribute;
    if (selector !== undefined && selector.outer !== true) selectors.add(selector.property);
    const family = needsFamily(attribute) ? ownFamily(index, set!, attribute) : undefined;
    if (family !== undefined) selectors.add(family);
  }
  const scope = shown.some((attribute) => index.looksOutside(attribute)) ? index.outerSelectors : undefined;
  const needs = ({ property }: AttributeSchema): boolean => shows(property) || selectors.has(property) || scope?.has(property) === true;
  return { shows, needs, selectors: [...selectors], scope };
}
