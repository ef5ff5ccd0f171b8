import type { DataAttrs, SetelemAttrs } from '../../../families/nftables.js';
import { notes, verbOf, words, type Sentence } from './sentence.js';

/** NFPROTO_* as `nft` writes them. */
const FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };

/** The end of an interval of a set (NFT_SET_ELEM_INTERVAL_END). */
const INTERVAL_END = 1;

/** Keys that are printed of an event with very many elements. */
const PRINTED = 8;

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
export const firewall: Sentence<FirewallValue> = (value, event) => {
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
        keysOf(value.elements?.elem ?? []),
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

/** The keys have no types here: those of addresses and ports are readable as hexadecimal digits. An interval has two elements: its start, and its end. */
function keysOf(elements: readonly SetelemAttrs[]): string {
  const keys = elements.slice(0, PRINTED).map(({ key, keyEnd, flags = 0 }) => {
    const range = `${keyText(key)}${keyEnd === undefined ? '' : `-${keyText(keyEnd)}`}`;
    return (flags & INTERVAL_END) === 0 ? range : `end ${range}`;
  });
  const noun = elements.length === 1 ? 'element' : `${String(elements.length)} elements`;
  return words(noun, keys.join(', '), elements.length > PRINTED && '...');
}

function keyText(key: DataAttrs | undefined): string {
  return key?.value === undefined ? '' : `0x${Buffer.from(key.value).toString('hex')}`;
}
