import { type Observable, exhaustMap, forkJoin, map, of, timer } from 'rxjs';
import { NfProtocol, type GetruleReply, type GettableReply } from '../../../families/nftables.js';
import { familyOf } from '../objects/hooks.js';
import { foundRuleText } from '../plan/rule-text.js';
import { readFirewall, type NftablesClient } from '../state/firewall-state.js';
import { foundTable, ruleContext } from '../state/found-table.js';

/** A rule with a counter, or a counter with a name. @internal */
export interface Counted {
  readonly family: string;
  readonly table: string;
  /** Absent for a counter with a name. */
  readonly chain?: string;
  /** The rule in the manner of `nft`, or the name of the counter. */
  readonly text: string;
  /** Of a rule. */
  readonly comment?: string;
  /** Unique in a table, with the name of the chain. */
  readonly handle: bigint;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** The text of a rule, and its comment. */
type Words = Pick<Counted, 'text' | 'comment'>;

/** Emits all counters again and again. Rules are read in full only if one of them is new. @internal */
export function watchCounted(client: NftablesClient, every: number): Observable<readonly Counted[]> {
  let words: ReadonlyMap<string, Words> = new Map();
  const all = { nfgenFamily: NfProtocol.Unspec };
  const read = forkJoin({ tables: client.list('gettable', all), objects: client.list('getobj', all), rules: client.list('getrule', all) });
  return timer(0, every).pipe(
    exhaustMap(() => read),
    exhaustMap(({ tables, objects, rules }) => {
      const handles = new Map(tables.map((table) => [tableText(table.nfgenFamily, table.name), table.handle]));
      const keyOf = ({ nfgenFamily, table, handle }: GetruleReply): string => {
        const text = tableText(nfgenFamily, table);
        return ruleKey(text, handles.get(text), handle);
      };
      const counted = rules.filter((rule) => counterOf(rule) !== undefined);
      const isKnown = counted.every((rule) => words.has(keyOf(rule)));
      const known = isKnown ? of(words) : readWords(client);
      return known.pipe(
        map((read): readonly Counted[] => {
          words = read;
          const named = objects.flatMap(({ nfgenFamily, table = '', name = '', type, handle = 0n, data }) =>
            type === 'counter' ? [{ family: familyText(nfgenFamily), table, text: name, handle, ...valueOf(data) }] : [],
          );
          return [...named, ...counted.map((rule) => countedRule(rule, words.get(keyOf(rule))))];
        }),
      );
    }),
  );
}

function countedRule(rule: GetruleReply, words: Words = { text: `rule ${rule.handle ?? 0n}` }): Counted {
  const { nfgenFamily, table = '', chain = '', handle = 0n } = rule;
  return { family: familyText(nfgenFamily), table, chain, ...words, handle, ...valueOf(counterOf(rule)) };
}

/** Returns the words of all rules. */
function readWords(client: NftablesClient): Observable<ReadonlyMap<string, Words>> {
  return readFirewall(client).pipe(
    map(({ tables }) => {
      const words = new Map<string, Words>();
      for (const table of tables) {
        const { nfgenFamily, handle } = table.row;
        const found = foundTable(table);
        const context = ruleContext(table.family, (set) => found.sets.get(set)?.set);
        for (const { rules } of found.chains.values())
          for (const rule of rules) {
            const { comment } = rule;
            const text = foundRuleText(rule, context);
            words.set(ruleKey(tableText(nfgenFamily, table.name), handle, rule.handle), {
              text,
              ...(comment !== undefined && { comment }),
            });
          }
      }
      return words;
    }),
  );
}

/** The handles of rules begin again in a new table: the handle of the table distinguishes it from one that had its name before. */
function ruleKey(table: string, handle: GettableReply['handle'] = 0n, rule: GetruleReply['handle'] = 0n): string {
  return `${table} ${handle} ${rule}`;
}

function tableText(family: number, name = ''): string {
  return `${familyText(family)} ${name}`;
}

function familyText(family: number): string {
  return familyOf(family) ?? String(family);
}

function counterOf({ expressions }: GetruleReply): object | undefined {
  const counter = expressions?.elem?.find(({ name }) => name === 'counter');
  return counter && (counter.data ?? {});
}

function valueOf(counter: object = {}): Pick<Counted, 'packets' | 'bytes'> {
  const { packets = 0n, bytes = 0n } = counter as Partial<Counted>;
  return { packets, bytes };
}
