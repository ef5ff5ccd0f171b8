import type { NewruleRequest } from '../../../families/nftables.js';
import { FieldError } from '../../common/field-error.js';
import type { Difference } from '../../tables/verbs.js';
import type { FirewallTableKey } from '../firewall.js';
import type { FirewallRule } from '../rules/firewall-rule.js';
import { CREATE, type Operation, type Scope } from '../objects/thing.js';
import { commentUserdata } from '../objects/userdata.js';
import { compileRule } from '../rules/compile-rule.js';
import { readRule } from '../rules/read-rule.js';
import type { AnonymousSet, CompiledRule, RuleContext, RuleExpression } from '../rules/rule-context.js';
import { carryState } from './carry-state.js';
import { difference } from './difference.js';
import { normalText } from '../rules/same-expressions.js';
import type { FoundChain, FoundRule } from '../state/found-table.js';
import { matchRules } from './match-rules.js';
import { usedByRule } from './references.js';
import type { ReferencesCheck } from './references-check.js';
import { foundRuleText, ruleText } from './rule-text.js';
import type { Steps } from './steps.js';
import type { WantedChain, WantedRule } from './wanted-table.js';

/** The planning of the rules of one chain. @internal */
export interface RulesTask {
  readonly table: FirewallTableKey;
  readonly scope: Scope;
  readonly wanted: WantedChain;
  readonly found: FoundChain | undefined;
  /** True if the chain is created, so that it has no rules yet. */
  readonly isNew: boolean;
  /** The identities of things that are created again. */
  readonly recreated: ReadonlySet<string>;
  readonly context: RuleContext;
  readonly references: ReferencesCheck;
  /** Returns a number that no other anonymous set of the transaction has. */
  readonly nextId: () => number;
}

/** A rule of the document, compiled. */
interface PlannedRule extends CompiledRule {
  readonly rule: FirewallRule;
  readonly comment: string | undefined;
  readonly content: string;
}

/** The rule of the kernel that a planned one continues. */
interface Pair {
  readonly found: FoundRule | undefined;
  /** True if the rule keeps its handle. */
  readonly isKept: boolean;
  readonly isChanged: boolean;
}

/** Plans the rules of a chain. @internal */
export function planRules(task: RulesTask, steps: Steps, differences: Difference[]): void {
  const { table, scope, wanted, found, isNew, recreated, context, references, nextId } = task;
  const chain = wanted.chain.name;
  const there = found?.rules ?? [];
  const rules = wanted.rules ?? there.map((rule): WantedRule => ({ rule: readRule(rule, rule.comment, context), path: wanted.path }));
  const planned = rules.map((entry) => {
    const plan = compiled(entry.rule, entry.path, context);
    references.rule(chain, entry, plan);
    return plan;
  });
  const contents = there.map(normalText);
  const match = matchRules(
    planned.map(({ comment, content }) => ruleIdentity(comment, content)),
    there.map(({ comment }, index) => ruleIdentity(comment, contents[index]!)),
  );
  const name = (text: string): string => `rule ${table.family} ${table.name} ${chain}: ${text}`;
  const textOf = (rule: FoundRule): string => foundRuleText(rule, context);
  const used = new Set<number>();
  const pairs = planned.map(({ content }, index): Pair => {
    const place = match.found[index];
    if (place === undefined) return { found: undefined, isKept: false, isChanged: false };
    used.add(place);
    const old = there[place]!;
    const isReleased = [...usedByRule(old)].some((identity) => recreated.has(identity));
    return { found: old, isKept: !isNew && !isReleased && match.staying.has(index), isChanged: content !== contents[place] };
  });
  for (const [index, { rule, comment }] of planned.entries()) {
    const { found: old, isChanged } = pairs[index]!;
    const text = ruleText(rule);
    if (old === undefined) differences.push(difference('add', name(text)));
    else if (isChanged) {
      const before = textOf(old);
      differences.push(difference('change', name(comment ?? text), `${before} -> ${text}`, { rule: { from: before, to: text } }));
    } else if (!match.staying.has(index)) differences.push(difference('change', name(comment ?? text), 'moved'));
  }
  const request = { ...scope, chain };
  const remove = ({ handle }: FoundRule): void => void steps.release.push({ op: 'delrule', request: { ...request, handle } });
  for (const [place, rule] of there.entries()) {
    if (used.has(place)) continue;
    differences.push(difference('delete', name(textOf(rule))));
    if (!isNew) remove(rule);
  }
  // The handle of the next rule that stays, for each rule: what is new is inserted before that.
  const followers: (bigint | undefined)[] = [];
  for (let index = planned.length - 1, next: bigint | undefined; index >= 0; index--) {
    followers[index] = next;
    if (pairs[index]!.isKept) next = pairs[index]!.found!.handle;
  }
  for (const [index, plan] of planned.entries()) {
    const { found: old, isKept, isChanged } = pairs[index]!;
    if (isKept && !isChanged) continue;
    if (old !== undefined && !isKept && !isNew) remove(old);
    const { expressions, sets } = renumbered(plan, nextId);
    const body = {
      ...request,
      expressions: { elem: old === undefined ? expressions : carryState(expressions, old.expressions) },
      ...commentUserdata(plan.comment),
    };
    const operations = [
      ...sets.flatMap((set) => anonymousSetOperations(scope, set)),
      isKept ? replaceRule(body, old!.handle) : addRule(body, followers[index]),
    ];
    const place = rules[index]!.path;
    steps.rules.push(...operations.map((operation) => ({ ...operation, place })));
  }
}

function replaceRule(request: NewruleRequest, handle: bigint): Operation {
  return { op: 'newrule', request: { ...request, handle }, options: { replace: true } };
}

/** Without the flag for appending, the kernel inserts before a position; without a position, it appends behind the last rule. */
function addRule(request: NewruleRequest, follower: bigint | undefined): Operation {
  if (follower === undefined) return { op: 'newrule', request, options: { create: true, append: true } };
  return { op: 'newrule', request: { ...request, position: follower }, options: CREATE };
}

/** Returns the identity of a rule in its chain: its comment, or else its content. */
function ruleIdentity(comment: string | undefined, content: string): string {
  return comment === undefined ? content : `# ${comment}`;
}

function compiled(rule: FirewallRule, path: string, context: RuleContext): PlannedRule {
  try {
    const { expressions, sets } = compileRule(rule, context);
    return { rule, comment: rule.comment, expressions, sets, content: normalText({ expressions, sets }) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new FieldError(error.path === '' ? path : `${path}.${error.path}`, error.message, error.reason);
  }
}

/** Returns a rule whose anonymous sets have numbers of their own in the transaction. */
function renumbered({ expressions, sets }: CompiledRule, nextId: () => number): CompiledRule {
  if (sets.length === 0) return { expressions, sets };
  const numbers = new Map(sets.map(({ id }) => [id, nextId()]));
  return {
    expressions: expressions.map((expression): RuleExpression => {
      const { setId } = (expression.data ?? {}) as { readonly setId?: number };
      const number = setId === undefined ? undefined : numbers.get(setId);
      return number === undefined ? expression : ({ ...expression, data: { ...expression.data, setId: number } } as RuleExpression);
    }),
    sets: sets.map(({ id, set, elements }) => ({ id: numbers.get(id)!, set: { ...set, id: numbers.get(id)! }, elements })),
  };
}

function anonymousSetOperations(scope: Scope, { id, set, elements }: AnonymousSet): readonly Operation[] {
  return [
    { op: 'newset', request: { ...scope, ...set }, options: CREATE },
    { op: 'newsetelem', request: { ...scope, set: set.name!, setId: id, elements: { elem: elements } }, options: CREATE },
  ];
}
