import type { SetelemAttrs } from '../../../families/nftables.js';
import { elementsText } from './elements.js';
import { notes, verbOf, words, type Sentence } from './sentence.js';

/** NFPROTO_* as `nft` writes them. */
const FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };

/** The properties that the messages about the objects of a table share. */
interface FirewallValue {
  readonly nfgenFamily: number;
  readonly table?: string;
  readonly name?: string;
  readonly chain?: string;
  readonly set?: string;
  readonly handle?: bigint;
  readonly policy?: string | number;
  readonly type?: string | number;
  readonly hook?: { readonly num?: number; readonly priority?: number };
  readonly id?: number;
  readonly procName?: string;
  readonly elements?: { readonly elem?: readonly SetelemAttrs[] };
}

/** `rule 4 in chain inet filter input added`, and the same of tables, chains, sets, their elements, objects and flowtables. */
export const firewall: Sentence<FirewallValue> = (value, event, { sets }) => {
  const { table, name, chain, set, handle, hook, policy, id } = value;
  const family = FAMILIES[value.nfgenFamily] ?? String(value.nfgenFamily);
  const noun = event.operation.replace(/^(?:new|del)/, '');
  switch (noun) {
    case 'gen':
      return `firewall generation ${String(id)}`;
    case 'table':
      return words('table', family, name, verbOf(event));
    case 'rule':
      return words('rule', String(handle), 'in chain', family, table, chain, verbOf(event));
    case 'setelem':
      return words(
        elementsText(value.elements?.elem ?? [], sets.get(value.nfgenFamily, table, set)),
        verbOf(event) === 'removed' ? 'removed from set' : 'added to set',
        family,
        table,
        set,
      );
    case 'chain':
      return words(
        'chain',
        family,
        table,
        name,
        verbOf(event),
        notes([
          hook !== undefined && `hook ${String(hook.num)} priority ${String(hook.priority)}`,
          policy !== undefined && `policy ${String(policy)}`,
        ]),
      );
    case 'trace':
      return words('trace of rule', String(handle ?? ''), 'in chain', family, table, chain);
    default:
      return words(noun === 'obj' ? 'object' : noun, family, table, name, verbOf(event));
  }
};
