import { lastValueFrom } from 'rxjs';
import type { FamilyOperation } from '../../../../../lib/client/index.js';
import { NfProtocol, nftables, type NftablesFamily } from '../../../../../lib/families/nftables.js';
import { dataTypeOf } from '../../../../../lib/network/firewall/data/data-types.js';
import { keyTypesOf } from '../../../../../lib/network/firewall/data/key.js';
import type { CompiledRule, FirewallFamily, RuleContext, RuleSet } from '../../../../../lib/network/firewall/rules/rule-context.js';
import type { Namespace } from '../../../../support/namespace.js';

/** The numbers of families in netlink messages. */
const PROTOCOLS: Readonly<Record<FirewallFamily, number>> = {
  inet: NfProtocol.Inet,
  ip: NfProtocol.Ipv4,
  ip6: NfProtocol.Ipv6,
  arp: NfProtocol.Arp,
  bridge: NfProtocol.Bridge,
  netdev: NfProtocol.Netdev,
};

/** The objects that rules of a table refer to. */
const OBJECTS = `
  set s4 { type ipv4_addr; flags dynamic,timeout; }
  set si { type ipv4_addr; flags interval; }
  set sm { type mark; flags interval; }
  map mv { type inet_service : verdict; }
  counter k { }
  map mk { type ipv4_addr : mark; flags dynamic,timeout; }
  chain x { }`;

/** Loads rules with `nft` into the chain `c` of a table `t`. Returns the text of the chain as `nft` prints it. */
export function loadText(namespace: Namespace, family: FirewallFamily, rules: readonly string[], chain = ''): string {
  namespace.run('nft', 'flush', 'ruleset');
  namespace.run('nft', `table ${family} t {${OBJECTS}\n chain c {\n${chain}\n${rules.join('\n')}\n }\n}`);
  return chainText(namespace, family);
}

/** The most rules of a scene that an older kernel may lack: Linux 6.1 has none that look into tunnels. */
const MOST_LACKING = (process.env['RXNETLINK_OTHER_KERNEL'] ?? '') === '' ? 3 : 40;

/** Returns the rules that the kernel accepts from `nft`; names the others. Some need a later kernel, such as those that combine two registers. */
export function acceptedRules(namespace: Namespace, family: FirewallFamily, rules: readonly string[], chain = ''): readonly string[] {
  const isAccepted = (some: readonly string[]): boolean => {
    try {
      loadText(namespace, family, some, chain);
      return true;
    } catch (error) {
      if (/: (Operation not supported|No such file or directory|Invalid argument)/.test(String(error))) return false;
      throw error;
    }
  };
  // By halves: a rule alone takes as long as many.
  const rejectedOf = (some: readonly string[]): readonly string[] => {
    if (isAccepted(some)) return [];
    const half = some.length >> 1;
    return half === 0 ? some : [...rejectedOf(some.slice(0, half)), ...rejectedOf(some.slice(half))];
  };
  const lacking = rejectedOf(rules);
  if (lacking.length === 0) return rules;
  if (lacking.length > MOST_LACKING) throw new Error(`nft: the kernel accepts too few rules: ${lacking.join('; ')}`);
  process.stdout.write(`      this kernel lacks: ${lacking.join('; ')}\n`);
  return rules.filter((rule) => !lacking.includes(rule));
}

/** Returns the text of the chain as `nft` prints it. */
export function chainText(namespace: Namespace, family: FirewallFamily): string {
  return namespace.run('nft', 'list', 'chain', family, 't', 'c');
}

/** Reads the rules of the chain as the kernel has them. */
export async function readRows(namespace: Namespace, family: FirewallFamily): Promise<readonly CompiledRule[]> {
  const client = nftables({ netns: namespace.path });
  const request = { nfgenFamily: PROTOCOLS[family], table: 't' };
  const rows = await lastValueFrom(client.list('getrule', { ...request, chain: 'c' }));
  const found = await lastValueFrom(client.list('getset', request));
  const sets = await Promise.all(
    found
      .filter(({ flags = 0 }) => (flags & 1) !== 0)
      .map(async (set) => {
        const replies = await lastValueFrom(client.list('getsetelem', { ...request, set: set.name! }));
        return { id: 0, set, elements: replies.flatMap(({ elements }) => elements?.elem ?? []) };
      }),
  );
  return rows.map(({ expressions }) => ({ expressions: expressions?.elem ?? [], sets }));
}

/** Writes compiled rules into an empty chain of the table, in one transaction. */
export async function writeRules(namespace: Namespace, family: FirewallFamily, rules: readonly CompiledRule[]): Promise<void> {
  const client = nftables({ netns: namespace.path });
  const request = { nfgenFamily: PROTOCOLS[family], table: 't' };
  let next = 1;
  const operations = rules.flatMap(({ expressions, sets }): FamilyOperation<NftablesFamily>[] => {
    const first = next;
    next += sets.length;
    const number = (id: number): number => first + id - 1;
    const renumbered = expressions.map((expression) => {
      const { setId } = (expression.data ?? {}) as { readonly setId?: number };
      return setId === undefined ? expression : { ...expression, data: { ...expression.data, setId: number(setId) } };
    }) as CompiledRule['expressions'];
    return [
      ...sets.map(({ id, set }): FamilyOperation<NftablesFamily> => ({
        op: 'newset',
        request: { ...request, ...set, id: number(id) },
        options: { create: true },
      })),
      ...sets.map(({ id, set, elements }): FamilyOperation<NftablesFamily> => ({
        op: 'newsetelem',
        request: { ...request, set: set.name!, setId: number(id), elements: { elem: elements } },
        options: { create: true },
      })),
      { op: 'newrule', request: { ...request, chain: 'c', expressions: { elem: renumbered } }, options: { create: true, append: true } },
    ];
  });
  await lastValueFrom(client.transaction(operations), { defaultValue: undefined });
}

/** The surroundings of rules in the table that `loadText` makes. */
export function contextOf(family: FirewallFamily): RuleContext {
  const types = (number: number): RuleSet['type'] => keyTypesOf(number, dataTypeOf)!;
  const sets: Readonly<Record<string, RuleSet>> = {
    s4: { type: types(7), isInterval: false },
    si: { type: types(7), isInterval: true },
    sm: { type: types(19), isInterval: true },
    mv: { type: types(13), isInterval: false, data: 'verdict' },
    mk: { type: types(7), isInterval: false, data: types(19) },
  };
  return { family, set: (name) => sets[name] };
}
