import { FieldError } from '../../common/field-error.js';
import { boolean, choice, list, shown, type Check } from '../../fields/check.js';
import { normalise, type Shape } from '../../fields/shape.js';
import type { AbsentFirewallTable, Firewall, FirewallTable, FirewallTableKey } from '../firewall.js';
import type { FirewallRule } from '../rules/firewall-rule.js';
import type { FirewallFamily } from '../rules/rule-context.js';
import { commentCheck, nameCheck, parseChain, type ChainThing } from '../objects/chain.js';
import { requirePlaces } from '../objects/chain-types.js';
import type { Element } from '../objects/element.js';
import { parseFlowtable } from '../objects/flowtable.js';
import { FAMILIES } from '../objects/hooks.js';
import { OBJECT_LISTS, parseObject, type ObjectThing } from '../objects/named-object.js';
import { parseSet, type SetThing } from '../objects/set.js';
import { identity, type Scope, type Thing } from '../objects/thing.js';
import { scopeOf } from '../state/firewall-state.js';

/** A rule of a document, and its place there. @internal */
export interface WantedRule {
  readonly rule: FirewallRule;
  readonly path: string;
}

/** A chain of a document. @internal */
export interface WantedChain {
  readonly chain: ChainThing;
  /** Undefined if the document declares the chain only: the rules that are there stay. */
  readonly rules: readonly WantedRule[] | undefined;
  readonly path: string;
}

/** A set of a document. */
export interface WantedSet {
  readonly set: SetThing;
  /** Undefined if the document declares the set only. */
  readonly elements: readonly Element[] | undefined;
  readonly path: string;
}

/** A table of a document in the form in which it is compared. @internal */
export interface WantedTable extends FirewallTableKey {
  readonly path: string;
  readonly scope: Scope;
  readonly isAbsent: boolean;
  /** True if the document owns everything in the table. */
  readonly isWhole: boolean;
  readonly comment: string | undefined;
  readonly isDormant: boolean;
  readonly chains: readonly WantedChain[];
  readonly sets: readonly WantedSet[];
  readonly objects: readonly ObjectThing[];
  readonly flowtables: readonly Thing[];
  /** The places of all these in the document, by their identities. */
  readonly places: ReadonlyMap<string, string>;
}

const any: Check = (value) => value;

const FIREWALL: Shape = { fields: { tables: list(any) } };

const TABLE: Shape = {
  fields: {
    family: choice<FirewallFamily>(Object.keys(FAMILIES) as FirewallFamily[]),
    name: nameCheck,
    comment: commentCheck,
    dormant: boolean,
    owns: choice(['table', 'listed']),
    absent: (value, path) => {
      if (value !== true) throw new FieldError(path, 'expected true; omit it for a table that shall exist');
      return value;
    },
    ...Object.fromEntries(
      ['chains', 'sets', 'maps', 'counters', 'quotas', 'limits', 'objects', 'flowtables'].map((name) => [name, list(any)]),
    ),
  },
};

/** The tables of documents that their owners do not change. */
const kept = new WeakMap<Firewall, readonly WantedTable[]>();

/** Checks a document, and keeps the result: `apply` plans it several times. The caller does not change the document. @throws FieldError @internal */
export function keepTables(firewall: Firewall): void {
  kept.set(firewall, wantedTables(firewall));
}

/** Checks a document. @throws FieldError with the path below the document @internal */
export function wantedTables(firewall: Firewall): readonly WantedTable[] {
  const known = kept.get(firewall);
  if (known !== undefined) return known;
  const { tables } = normalise<Firewall>(FIREWALL, firewall);
  if (tables === undefined) throw new FieldError('tables', 'is required');
  const wanted = (tables ?? []).map((table, index) => wantedTable(table, `tables[${index}]`));
  requireUnique(wanted.map(({ family, name, path }) => [`${family} ${name}`, path, `table ${family} ${name}`]));
  return wanted;
}

function wantedTable(value: unknown, path: string): WantedTable {
  const given = normalise<FirewallTable & AbsentFirewallTable>(TABLE, value, path);
  for (const property of ['family', 'name'] as const)
    if (given[property] === undefined) throw new FieldError(`${path}.${property}`, 'is required');
  const { comment, dormant, owns } = given;
  const [family, name] = [given.family!, given.name!];
  const scope = scopeOf({ family, name });
  const isAbsent = given.absent !== undefined;
  if (isAbsent) {
    const other = Object.keys(given).find((property) => !['family', 'name', 'absent'].includes(property));
    if (other !== undefined) throw new FieldError(`${path}.${other}`, 'a table that is absent has no contents');
  }
  const each = <T>(property: keyof typeof given, parse: (value: unknown, path: string) => T): readonly T[] =>
    ((given[property] as readonly unknown[] | undefined) ?? []).map((entry, index) => parse(entry, `${path}.${property}[${index}]`));
  const named =
    <T>(paths: [string, string, string][], parse: (value: unknown, path: string) => T, thing: (parsed: T) => Thing) =>
    (entry: unknown, place: string): T => {
      const parsed = parse(entry, place);
      const { noun, name: own } = thing(parsed);
      paths.push([identity(thing(parsed)), place, `${noun} ${own}`]);
      return parsed;
    };
  const paths: [string, string, string][] = [];
  const sets = (isMap: boolean) =>
    named(
      paths,
      (entry, place): WantedSet => ({ ...parseSet(scope, isMap, entry, place), path: place }),
      ({ set }) => set,
    );
  const isWhole = owns !== 'listed';
  const table: Omit<WantedTable, 'places'> = {
    path,
    family,
    name,
    scope,
    isAbsent,
    isWhole,
    comment: comment ?? undefined,
    isDormant: dormant === true,
    chains: each(
      'chains',
      named(
        paths,
        (entry, place) => wantedChain(scope, family, isWhole, entry, place),
        ({ chain }) => chain,
      ),
    ),
    sets: [...each('sets', sets(false)), ...each('maps', sets(true))],
    objects: OBJECT_LISTS.flatMap(([property, type]) =>
      each(
        property,
        named(
          paths,
          (entry, place) => parseObject(scope, type, entry, place),
          (thing) => thing,
        ),
      ),
    ),
    flowtables: each(
      'flowtables',
      named(
        paths,
        (entry, place) => parseFlowtable(scope, entry, place),
        (thing) => thing,
      ),
    ),
  };
  requireUnique(paths);
  return { ...table, places: new Map(paths.map(([key, place]) => [key, place])) };
}

const ruleCheck: Check<FirewallRule> = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FirewallRule;
  throw new FieldError(path, `expected a rule, not ${shown(value)}`);
};

function wantedChain(scope: Scope, family: FirewallFamily, isWhole: boolean, value: unknown, path: string): WantedChain {
  const chain = parseChain(scope, family, value, path);
  const { rules = isWhole ? [] : undefined } = value as { readonly rules?: unknown };
  if (rules === undefined) return { chain, rules, path };
  const wanted = list(ruleCheck)(rules, `${path}.rules`).map((rule, index) => ({ rule, path: `${path}.rules[${index}]` }));
  for (const { rule, path: place } of wanted) requirePlaces(family, chain.settings, rule.then, `${place}.then`);
  const comments: [string, string, string][] = [];
  for (const { rule, path: place } of wanted) {
    if (rule.comment === undefined) continue;
    comments.push([commentCheck(rule.comment, `${place}.comment`), `${place}.comment`, `comment '${rule.comment}' in one chain`]);
  }
  requireUnique(comments);
  return { chain, rules: wanted, path };
}

/** @throws FieldError if two of the identities are equal. */
function requireUnique(entries: readonly (readonly [identity: string, path: string, words: string])[]): void {
  const paths = new Map<string, string>();
  for (const [key, path, words] of entries) {
    const first = paths.get(key);
    if (first !== undefined) throw new FieldError(path, `the ${words} is there twice; the first is ${first}`);
    paths.set(key, path);
  }
}
