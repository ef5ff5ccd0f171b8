import type { GetruleReply } from '../../../families/nftables.js';
import { chainOfRow, type ChainThing } from '../objects/chain.js';
import { elementsOfRows, type Element } from '../objects/element.js';
import { flowtableOfRow } from '../objects/flowtable.js';
import { objectOfRow, type ObjectThing } from '../objects/named-object.js';
import { setOfRow, type SetThing } from '../objects/set.js';
import type { Scope, Thing } from '../objects/thing.js';
import { commentOf } from '../objects/userdata.js';
import type { ObjectKindName } from '../rules/rule-context.js';
import type { AnonymousSet, CompiledRule, RuleContext } from '../rules/rule-context.js';
import { isAnonymous, scopeOf, type SetState, type TableState } from './firewall-state.js';

/** A rule as the kernel has it. @internal */
export interface FoundRule extends CompiledRule {
  readonly handle: bigint;
  readonly comment: string | undefined;
}

/** A chain with its rules. @internal */
export interface FoundChain {
  readonly chain: ChainThing;
  readonly rules: readonly FoundRule[];
}

/** A set with its elements. @internal */
export interface FoundSet {
  readonly set: SetThing;
  readonly elements: readonly Element[];
}

/** A table of the kernel in the form in which it is compared. @internal */
export interface FoundTable {
  readonly state: TableState;
  readonly scope: Scope;
  readonly chains: ReadonlyMap<string, FoundChain>;
  readonly sets: ReadonlyMap<string, FoundSet>;
  readonly objects: readonly ObjectThing[];
  readonly flowtables: readonly Thing[];
  /** The names of sets whose data types are not known; they are left alone. */
  readonly unknownSets: readonly string[];
}

/** Returns a table in the form in which it is compared. @internal */
export function foundTable(state: TableState): FoundTable {
  const scope = scopeOf(state);
  const anonymous = new Map(state.sets.filter(({ row }) => isAnonymous(row)).map((set) => [set.row.name!, anonymousSet(set)]));
  const named = state.sets.filter(({ row }) => !isAnonymous(row));
  const sets = named.flatMap(({ row, elements }): readonly FoundSet[] => {
    const set = setOfRow(scope, row);
    return set === undefined ? [] : [{ set, elements: elementsOfRows(set.layout, elements, set.timeout) }];
  });
  const chains = state.chains.map(({ row, rules }): FoundChain => ({
    chain: chainOfRow(scope, state.family, row),
    rules: rules.map((rule) => foundRule(rule, anonymous)),
  }));
  return {
    state,
    scope,
    chains: new Map(chains.map((chain) => [chain.chain.name, chain])),
    sets: new Map(sets.map((set) => [set.set.name, set])),
    objects: state.objects.flatMap((row) => objectOfRow(scope, row) ?? []),
    flowtables: state.flowtables.map((row) => flowtableOfRow(scope, row)),
    unknownSets: named.map(({ row }) => row.name ?? '').filter((name) => !sets.some(({ set }) => set.name === name)),
  };
}

function anonymousSet({ row, elements }: SetState): AnonymousSet {
  return { id: 0, set: row, elements };
}

function foundRule({ handle, expressions, userdata }: GetruleReply, anonymous: ReadonlyMap<string, AnonymousSet>): FoundRule {
  const list = (expressions?.elem ?? []) as FoundRule['expressions'];
  const names = new Set(list.flatMap(setNames));
  return {
    handle: handle ?? 0n,
    comment: commentOf(userdata),
    expressions: list,
    sets: [...names].flatMap((name) => anonymous.get(name) ?? []),
  };
}

/** Returns the names of sets that an expression uses. */
function setNames({ data }: FoundRule['expressions'][number]): readonly string[] {
  const { set, setName } = (data ?? {}) as { readonly set?: unknown; readonly setName?: unknown };
  return [set, setName].filter((name) => typeof name === 'string');
}

/** Returns what rules need to know of the sets of a table. @internal */
export function ruleContext(family: RuleContext['family'], setOf: (name: string) => SetThing | undefined): RuleContext {
  return {
    family,
    set(name) {
      const set = setOf(name);
      if (set === undefined) return undefined;
      const { types, isInterval, data } = set.layout;
      return {
        type: types,
        isInterval,
        ...(data?.kind === 'value' && { data: data.types, isDataInterval: data.isInterval }),
        ...(data?.kind === 'verdict' && { data: 'verdict' as const }),
        ...(data?.kind === 'object' && { data: data.type as ObjectKindName }),
      };
    },
  };
}
