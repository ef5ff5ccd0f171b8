import { expect } from 'chai';
import { omitUndefined } from '../../../lib/check/index.js';
import { nftablesSchema } from '../../../lib/families/generated/nftables.js';
import type { FamilyComparer } from '../comparer.js';
import type { Answer, Row } from '../play.js';
import { compareObjects, compareTunnels } from './nftables-objects.js';
import { expressionText, type Expression } from './nftables-text.js';

type Item = Readonly<Record<string, Row>>;

const FAMILY: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };
const rowsOf = (answers: readonly Answer[], op: string): readonly Row[] => {
  // nft repeats its requests if the generation may have changed.
  const found = answers.filter((answer) => answer.op === op).flatMap(({ rows }) => rows);
  return [...new Map(found.map((row) => [`${String(row['nfgenFamily'])} ${String(row['table'])} ${String(row['handle'])}`, row])).values()];
};
const place = ({ nfgenFamily, table, name, handle }: Row): object => ({
  family: FAMILY[Number(nfgenFamily)],
  ...omitUndefined({ table, name }),
  handle: Number(handle),
});
const placeShown = ({ family, table, name, handle }: Row): object => ({
  family,
  ...omitUndefined({ table, name }),
  handle,
});

/** `nft --debug=netlink`: the expressions of each rule. */
function compareExpressions(shown: unknown, answers: readonly Answer[]): void {
  const rules = rowsOf(answers, 'getrule').map(({ nfgenFamily, table, chain, handle, expressions }) => ({
    family: FAMILY[Number(nfgenFamily)],
    table,
    chain,
    handle: Number(handle),
    expressions: ((expressions as { readonly elem?: readonly Expression[] } | undefined)?.elem ?? []).map(expressionText),
  }));
  expect(rules).to.deep.equal(shown);
}

/** Tables, chains and rules of `nft -j list ruleset`: their positions, the hooks of chains, and the contents of stateful objects. */
export const comparer: FamilyComparer = {
  schema: nftablesSchema,
  compare({ command, shown, answers }) {
    if (command.includes(' --debug=netlink ')) {
      compareExpressions(shown, answers);
      return;
    }
    if (command === 'python3 keys.py') {
      compareTunnels(shown, rowsOf(answers, 'getobj') as never);
      return;
    }
    const { nftables: items } = shown as { readonly nftables: readonly Item[] };
    const shownOf = (...kinds: readonly string[]): Row[] =>
      items.flatMap((item) => kinds.flatMap((kind) => (item[kind] === undefined ? [] : [item[kind]])));
    expect(rowsOf(answers, 'gettable').map(place)).to.deep.equal(shownOf('table').map(placeShown));
    expect(rowsOf(answers, 'getchain').map(place)).to.have.deep.members(shownOf('chain').map(placeShown));
    const hooks = rowsOf(answers, 'getchain').map(({ name, type, hook, policy }) => ({
      name,
      type,
      prio: (hook as Row | undefined)?.['priority'],
      policy,
    }));
    expect(hooks).to.have.deep.members(shownOf('chain').map(({ name, type, prio, policy }) => ({ name, type, prio, policy })));
    const rules = rowsOf(answers, 'getrule').map(({ nfgenFamily, table, chain, handle }) => [
      FAMILY[Number(nfgenFamily)],
      table,
      chain,
      Number(handle),
    ]);
    expect(rules).to.have.deep.members(shownOf('rule').map(({ family, table, chain, handle }) => [family, table, chain, handle]));
    compareObjects(items, rowsOf(answers, 'getobj') as never);
  },
};
