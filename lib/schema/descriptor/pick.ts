import type { AttributeSchema, OperationSchema } from './descriptor.js';
import { type SchemaIndex } from './schema-index.js';
import { hasValue } from '../kinds/table.js';
import { suggestion } from '../../check/index.js';

/**
 * How many picks of one operation, and of one family's sets, are kept compiled: a program asks for a few, over and over.
 *
 * @internal
 */
export const MOST_PICKS = 64;

/**
 * The properties that a pick names, each once and in one order, so that equal picks are told to be equal.
 *
 * @throws TypeError for a property that no message of the operation has.
 * @internal
 */
export function canonicalPick(index: SchemaIndex, operation: OperationSchema, names: readonly string[]): readonly string[] {
  const known = new Set(propertiesOf(index, operation));
  for (const name of names) {
    if (known.has(name)) continue;
    const where = `${operation.name} of ${index.schema.name}`;
    throw new TypeError(`${where} has no property '${name}' to pick${suggestion(name, known, ': ')}`);
  }
  return [...new Set(names)].sort();
}

/** Properties that messages of an operation may have: fields of the header, then attributes. @internal */
export function propertiesOf(index: SchemaIndex, { fixedHeader, set, variants = [] }: OperationSchema): string[] {
  const members = fixedHeader === undefined ? [] : index.struct(fixedHeader).members;
  const sets = [set, ...variants.map((variant) => variant.set)].filter((name) => name !== undefined);
  const values = [...members, ...sets.flatMap((name) => index.set(name).attributes)];
  return values.filter(hasValue).map(({ property }) => property);
}

/** What a body has to decode for some of its properties. @internal */
export interface PickPlan {
  /** Tells whether the property is shown. */
  readonly shows: (property: string) => boolean;
  /** Tells whether the attribute has to be decoded at all. */
  readonly needs: (attribute: AttributeSchema) => boolean;
  /** Properties of the same set that choose sub-messages of what is shown. */
  readonly selectors: readonly string[];
  /**
   * Properties by which something deeper inside of what is shown may choose its form; undefined where nothing there looks
   * outside.
   */
  readonly scope: ReadonlySet<string> | undefined;
}

/**
 * Says what has to be decoded of a body: what is shown, and what that depends on without being shown itself.
 *
 * @param pick - The properties that are shown; all where left out.
 * @internal
 */
export function pickPlan(index: SchemaIndex, set: string | undefined, pick: readonly string[] | undefined): PickPlan {
  const names = pick === undefined ? undefined : new Set(pick);
  const shows = (property: string): boolean => names === undefined || names.has(property);
  const shown = set === undefined ? [] : index.set(set).attributes.filter(({ property }) => shows(property));
  const selectors = new Set<string>();
  for (const { selector } of shown) if (selector !== undefined && selector.outer !== true) selectors.add(selector.property);
  const scope = shown.some((attribute) => index.looksOutside(attribute)) ? index.outerSelectors : undefined;
  const needs = ({ property }: AttributeSchema): boolean => shows(property) || selectors.has(property) || scope?.has(property) === true;
  return { shows, needs, selectors: [...selectors], scope };
}
