import type { OverlayEntry } from '../../overlay.js';
import { needsOne } from '../words.js';

const HEADER = 'linux/netfilter/nf_tables.h';

/** Adds NFNL_SUBSYS_NFTABLES, the upper byte of the message type. @internal */
export const message = (number: number): number => 0xa00 + number;

/** Returns an operation that the kernel selects by what a deletion lacks. */
function flush(name: string, number: number, set?: string, needs: readonly string[] = []): OverlayEntry {
  const shape = { 'fixed-header': 'nfgenmsg', ...(set !== undefined && { 'attribute-set': set }) };
  return { header: HEADER, addOperations: [{ name, ...shape, transaction: true, do: { request: { value: message(number), needs } } }] };
}

/** Returns what a deletion needs, so that it is not a flush: `delrule` with a handle and without a chain deletes the rules of all chains. */
function deletion(what: string, number: number, attributes: readonly string[], needs: readonly string[]): OverlayEntry {
  return {
    header: HEADER,
    changeOperation: what,
    to: { do: { request: { value: message(number), attributes, needs } } },
    reason: 'without them the message is a flush',
  };
}

const RULE = ['table', 'chain', 'handle', 'id'];
const ELEMENTS = ['table', 'set', 'elements'];
const TABLE = ['name', 'handle'];

/** Deletions that must name their object, and the flushes that share their message types. @internal */
export const flushes: readonly OverlayEntry[] = [
  // Without a family, the kernel compares the name only: it deletes all tables that have it, or all at all.
  ...['deltable', 'destroytable'].map((name) =>
    needsOne(HEADER, name, TABLE, 'deletes the tables of a family, or of all (flushruleset does that)', {
      nonzero: ['nfgen-family'],
    }),
  ),
  deletion('delrule', 8, RULE, ['table', 'chain']),
  deletion('destroyrule', 28, RULE, ['table', 'chain']),
  ...['delrule', 'destroyrule'].map((name) =>
    needsOne(HEADER, name, ['handle', 'id'], 'deletes all rules of the chain (flushchain does that)'),
  ),
  deletion('delsetelem', 14, ELEMENTS, ['table', 'set']),
  deletion('destroysetelem', 30, ELEMENTS, ['table', 'set']),
  ...['delsetelem', 'destroysetelem'].map((name) =>
    needsOne(HEADER, name, ['elements'], 'deletes all elements of the set (flushset does that)'),
  ),
  {
    header: HEADER,
    addSets: [
      { name: 'flush-table-attrs', 'subset-of': 'rule-attrs', attributes: [{ name: 'table' }] },
      { name: 'flush-chain-attrs', 'subset-of': 'rule-attrs', attributes: [{ name: 'table' }, { name: 'chain' }] },
      { name: 'flush-set-attrs', 'subset-of': 'setelem-list-attrs', attributes: [{ name: 'table' }, { name: 'set' }] },
    ],
  },
  flush('flushruleset', 2, undefined, ['nfgen-family']),
  flush('flushtable', 8, 'flush-table-attrs', ['table']),
  flush('flushchain', 8, 'flush-chain-attrs', ['table', 'chain']),
  flush('flushset', 14, 'flush-set-attrs', ['table', 'set']),
];
