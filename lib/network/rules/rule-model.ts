import { forkJoin, map } from 'rxjs';
import type { GetruleReply, NewruleRequest } from '../../families/rt-rule.js';
import { familyNumber } from '../fields/address-family.js';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { joined } from '../common/joined.js';
import { Row } from '../common/written.js';
import type { RouteNames } from '../names/route-names.js';
import { sameValue } from '../../live/internal.js';
import { step } from '../tables/step.js';
import type { TableModel, Wanted } from '../tables/table-model.js';
import type { Rule } from './rule.js';
import { ruleOf, ruleRequest } from './rule-rows.js';
import { checkRule, completeRule, RULE_STATE, ruleShape, wholeRule } from './rule-shape.js';

/** Returns what the verbs need to know about routing rules. @internal */
export function ruleModel({ rule, ...words }: Pick<NetworkClients, 'rule'> & RouteNames): TableModel<Rule> {
  const shape = ruleShape(words);
  const names = Object.keys(shape.fields);
  return {
    table: 'rules',
    noun: 'rule',
    typical: { spec: '{ priority, from, table }', number: 'priority' },
    shape,
    key: { ...shape, nullable: names },
    state: RULE_STATE,
    always: ['family', 'action', 'protocol'],
    keyNeeds: [],
    identity: names,
    missing: ['ENOENT'],
    tableNames: words.tables,
    linkFields: [],
    namesByKey: true,
    complete: completeRule,
    check: checkRule,
    nameOf: ruleName,
    slot: ({ priority }) => String(priority),
    matches: (object, key) =>
      Object.entries(key).every(([name, value]) => sameValue(value ?? undefined, (object as unknown as Record<string, unknown>)[name])),
    isExactly: (object, key) => names.every((name) => sameValue(key[name], (object as unknown as Record<string, unknown>)[name])),
    keyOf: (wanted) => wholeRule(wanted, names),
    read: (_links, { family }: Wanted = {}) =>
      // IPv4 and IPv6 are read apart: the kernel dumps the rules of multicast routing too if asked for all.
      forkJoin(
        (family === 4 ? [2] : family === 6 ? [10] : [2, 10]).map((version) =>
          rule.list('getrule', { family: version }).pipe(map((rows) => rows.map((row) => ruleOf(row, words)))),
        ),
      ).pipe(map(joined)),
    fromRow: (row) => ruleOf(row as GetruleReply, words),
    watchRequest: ({ family }) => (family === undefined ? {} : { family: familyNumber(family) }),
    rows: (request) => rule.tableOf('getrule', request),
    create: (wanted) => [step(rule, 'newrule', ruleRequest(wanted, words), { create: true, exclusive: true, echo: true })],
    update: (_object, _wanted, changed) => ({ recreate: changed }),
    remove: (object) => {
      const { priority, action, table } = object;
      if (priority === 0 && action === 'lookup' && table === 'local')
        throw new FieldError('priority', 'the kernel needs this rule for its own addresses; network() does not delete it', 'denied');
      return [step(rule, 'delrule', deleteRequest(object[Row]))];
    },
  };
}

/** Returns the request that deletes a rule with exactly this content; of equal ones, the first. */
function deleteRequest({ flags, ...row }: GetruleReply): NewruleRequest {
  // FIB_RULE_INVERT is the only flag of a request.
  return { ...row, flags: flags & 2 };
}

/** The properties that the name of a rule starts or ends with; the others stand between, each with its name. */
const ENDS: readonly string[] = ['priority', 'family', 'not', 'action', 'table', 'goto', 'l3mdev', 'protocol', ...RULE_STATE];

/** Names a rule in words: `100 from 10.0.0.0/8 mark 5 lookup main`. Rules with different content have different names. */
function ruleName(rule: Wanted): string {
  const { priority, family, not, action, table, goto, l3mdev } = rule;
  const parts = [isGiven(priority) ? show(priority) : '', family === 6 ? '(IPv6)' : '', not === true ? 'not' : ''];
  for (const [name, value] of Object.entries(rule)) if (isGiven(value) && !ENDS.includes(name)) parts.push(`${name} ${show(value)}`);
  if (l3mdev === true) parts.push('l3mdev');
  else if (isGiven(goto)) parts.push(`goto ${show(goto)}`);
  else if (isGiven(action) && action !== 'lookup') parts.push(show(action));
  else if (isGiven(table)) parts.push(`lookup ${show(table)}`);
  return parts.filter((part) => part !== '').join(' ');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join('-') : String(value);
}
