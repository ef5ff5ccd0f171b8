import type { Overlay } from '../../overlay.js';
import { expressions } from './expressions.js';
import { flushes, message } from './flush.js';
import { objects } from './objects.js';
import { released } from './released.js';
import { reads } from './reads.js';
import { trace } from './trace.js';
import { notification } from '../words.js';
import { nftablesEnums } from './enums.js';

const HEADER = 'linux/netfilter/nf_tables.h';
const BIG = { 'byte-order': 'big-endian' };

/** The operations that must be part of a transaction. */
const CHANGES = ['table', 'chain', 'rule', 'set', 'setelem', 'obj', 'flowtable'].flatMap((what) => [
  `new${what}`,
  `del${what}`,
  `destroy${what}`,
]);

/** @internal */
export const nftables: Overlay = {
  source: 'nftables',
  entries: [
    { header: 'linux/netfilter/nfnetlink.h', changeGroup: 'mgmt', to: { value: 7 } },
    {
      header: HEADER,
      addOperations: [
        notification('newtable-ntf', 'gettable', message(0), ['mgmt']),
        notification('deltable-ntf', 'gettable', message(2), ['mgmt']),
        notification('newchain-ntf', 'getchain', message(3), ['mgmt']),
        notification('delchain-ntf', 'getchain', message(5), ['mgmt']),
        notification('newrule-ntf', 'getrule', message(6), ['mgmt']),
        notification('delrule-ntf', 'getrule', message(8), ['mgmt']),
        notification('newset-ntf', 'getset', message(9), ['mgmt']),
        notification('delset-ntf', 'getset', message(11), ['mgmt']),
        notification('newsetelem-ntf', 'getsetelem', message(12), ['mgmt']),
        notification('delsetelem-ntf', 'getsetelem', message(14), ['mgmt']),
        notification('newgen-ntf', 'getgen', message(15), ['mgmt']),
        notification('newobj-ntf', 'getobj', message(18), ['mgmt']),
        notification('delobj-ntf', 'getobj', message(20), ['mgmt']),
        notification('newflowtable-ntf', 'getflowtable', message(22), ['mgmt']),
        notification('delflowtable-ntf', 'getflowtable', message(24), ['mgmt']),
      ],
    },
    {
      header: 'linux/netfilter/nfnetlink.h',
      changeOperations: { transaction: { begin: 'batch-begin', end: 'batch-end', frame: { resId: 10 } } },
    },
    ...CHANGES.map((name) => ({ header: HEADER, changeOperation: name, to: { transaction: true } })),
    ...flushes,
    {
      header: 'linux/netfilter/nfnetlink.h',
      changeOperation: 'batch-begin',
      to: { do: { request: { value: 16 } } },
      reason: 'it is never answered but by an ack',
    },
    ...['getsetelem', 'getsetelem-reset'].map((name) => ({
      header: HEADER,
      changeOperation: name,
      to: { merge: { key: ['table', 'set'], lists: [{ path: ['elements', 'elem'], by: 'append' }] } },
      reason: 'a large set comes in many messages',
    })),
    { header: HEADER, set: 'rule-attrs', changeAttribute: 'id', to: { value: 9, ...BIG }, reason: 'a pad comes before it' },
    { header: HEADER, set: 'rule-attrs', changeAttribute: 'position-id', to: BIG },
    { header: HEADER, set: 'rule-attrs', changeAttribute: 'chain-id', to: BIG },
    { header: HEADER, set: 'setelem-attrs', changeAttribute: 'objref', to: { value: 9 }, reason: 'a pad comes before it' },
    { header: HEADER, set: 'setelem-attrs', changeAttribute: 'timeout', to: BIG },
    { header: HEADER, set: 'setelem-attrs', changeAttribute: 'expiration', to: BIG },
    { header: HEADER, set: 'setelem-list-attrs', changeAttribute: 'set-id', to: BIG },
    { header: HEADER, set: 'set-attrs', changeAttribute: 'timeout', to: BIG },
    { header: HEADER, set: 'set-attrs', changeAttribute: 'gc-interval', to: BIG },
    { header: HEADER, set: 'set-attrs', changeAttribute: 'id', to: BIG },
    { header: HEADER, set: 'set-desc-attrs', changeAttribute: 'concat', to: { 'multi-attr': null }, reason: 'one nest holds all fields' },
    { header: HEADER, set: 'set-desc-concat-attrs', changeAttribute: 'elem', to: { 'multi-attr': true }, reason: 'one for each field' },
    { header: HEADER, set: 'chain-attrs', changeAttribute: 'flags', to: { value: 10 }, reason: 'a pad comes before it' },
    { header: HEADER, set: 'expr-lookup-attrs', changeAttribute: 'set-id', to: { value: 4 }, reason: 'it comes behind the registers' },
    { header: HEADER, set: 'expr-lookup-attrs', changeAttribute: 'sreg', to: { value: 2 } },
    { header: HEADER, set: 'expr-lookup-attrs', changeAttribute: 'dreg', to: { value: 3 } },
    { header: HEADER, set: 'expr-lookup-attrs', changeAttribute: 'flags', to: { value: 5 } },
    { header: HEADER, changeDefinition: 'fib-result', to: { 'value-start': 1 } },
    ...released,
    ...expressions,
    ...reads,
    ...objects,
    ...nftablesEnums,
    ...trace,
  ],
};
