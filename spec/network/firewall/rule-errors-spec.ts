import { expect } from 'chai';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { dataType } from '../../../lib/network/firewall/data/data-types.js';
import { compileRule } from '../../../lib/network/firewall/rules/compile-rule.js';
import type { FirewallRule } from '../../../lib/network/firewall/rules/firewall-rule.js';
import type { FirewallFamily, RuleContext, RuleSet } from '../../../lib/network/firewall/rules/rule-context.js';

const SETS: Readonly<Record<string, RuleSet>> = {
  ports: { type: dataType('inet_service'), isInterval: false },
  verdicts: { type: dataType('inet_service'), isInterval: false, data: 'verdict' },
  marks: { type: dataType('inet_service'), isInterval: false, data: dataType('mark') },
};

const context = (family: FirewallFamily): RuleContext => ({ family, set: (name) => SETS[name] });

/** Compiles a rule that is wrong; returns the reason and the path of the error, and its text. */
function failure(rule: unknown, family: FirewallFamily): readonly [string, string, string] {
  try {
    compileRule(rule as FirewallRule, context(family));
  } catch (error) {
    if (error instanceof FieldError) return [error.reason, error.path, error.message];
    throw error;
  }
  throw new Error('the rule compiled; expected a FieldError');
}

const match = (op: unknown, left: unknown, right: unknown): unknown => ({ when: [{ match: { op, left, right } }], then: 'accept' });
const when = (condition: unknown): unknown => ({ when: [condition], then: 'accept' });
const then = (statement: unknown): unknown => ({ then: [statement] });
const dport = { payload: { protocol: 'tcp', field: 'dport' } };
const mark = { meta: { key: 'mark' } };

type Row = readonly [rule: unknown, path: string, text: RegExp, family?: FirewallFamily];

const INVALID: readonly Row[] = [
  // The rule.
  [7, '', /^expected a rule, not 7$/],
  [{ then: 'accept', wen: [] }, 'wen', /did you mean when\?$/],
  [{ when: [] }, 'then', /^is required$/],
  [{ then: undefined }, 'then', /^undefined is not a value/],
  [{ when: {}, then: 'accept' }, 'when', /^expected an array/],
  [{ comment: 7, then: 'accept' }, 'comment', /^expected text/],
  [{ comment: 'x'.repeat(254), then: 'accept' }, 'comment', /1 to 253 bytes/],
  [{ then: 'accept', expressions: [] }, 'expressions', /neither 'when' nor 'then'$/],
  [{ then: 'accept', sets: [{}] }, 'sets', /together with 'expressions' only$/],
  [{ expressions: {} }, 'expressions', /^expected an array/],
  [{ expressions: [{}] }, 'expressions[0].name', /^expected the name of an expression/],
  [{ expressions: [], sets: [{ id: 'a' }] }, 'sets[0].id', /^expected an integer/],
  [{ expressions: [], sets: [{ id: 1, set: 7 }] }, 'sets[0].set', /^expected an object/],
  [{ expressions: [], sets: [{ id: 1, set: {}, elements: 7 }] }, 'sets[0].elements', /^expected an array/],
  // Matches in the short form.
  [when('tcp'), 'when[0]', /^expected a condition such as/],
  [when({}), 'when[0]', /^the condition is empty$/],
  [when({ 'tcp.dprt': 22 }), 'when[0].tcp.dprt', /did you mean tcp\.dport\?$/],
  [when({ 'tcp.port': 22 }), 'when[0].tcp.port', /did you mean tcp\.sport or tcp\.dport\?$/],
  [when({ 'meta.iifnam': 'a' }), 'when[0].meta.iifnam', /did you mean iifname\?$/],
  [when({ 'ct.stat': 'new' }), 'when[0].ct.stat', /did you mean state\?$/],
  [when({ 'fib.type': 'local' }), 'when[0].fib.type', /'saddr' or 'daddr'/],
  [when({ 'fib.dadr.type': 'local' }), 'when[0].fib.dadr.type', /did you mean daddr\?$/],
  [when({ 'tcp.dport': 70_000 }), 'when[0].tcp.dport', /from 0 to 65535, not 70000$/],
  [when({ 'tcp.dport': { not: -1 } }), 'when[0].tcp.dport.not', /from 0 to 65535, not -1$/],
  [when({ 'tcp.dport': [22, 'x'] }), 'when[0].tcp.dport[1]', /^expected an integer/],
  [when({ 'tcp.dport': [] }), 'when[0].tcp.dport', /at least one element$/],
  [when({ 'tcp.dport': '9-1' }), 'when[0].tcp.dport', /is over the last one/],
  [when({ 'ip.saddr': '10.0.0.1/8' }), 'when[0].ip.saddr', /has host bits/],
  [when({ 'ip.saddr': 'fe80::1' }), 'when[0].ip.saddr', /^expected an IPv4 address/],
  [when({ 'ct.state': 'nwe' }), 'when[0].ct.state', /did you mean new\?$/],
  [when({ 'ip.dscp': 64 }), 'when[0].ip.dscp', /from 0 to 63, not 64$/],
  [when({ 'ip.saddr': '@ports' }), 'when[0].ip.saddr', /^the key of 'ports' is inet_service, not ipv4_addr$/],
  [when({ 'tcp.dport': '@verdicts' }), 'when[0].tcp.dport', /is a map, not a set$/],
  // Contradictions.
  [{ when: [{ 'tcp.dport': 1 }, { 'udp.dport': 1 }], then: 'accept' }, 'when[1].udp.dport', /^a packet of tcp is not one of udp/],
  [{ when: [{ 'ip.saddr': '1.1.1.1' }, { 'ip6.saddr': '::1' }], then: 'accept' }, 'when[1].ip6.saddr', /^a packet of ip is not one of ip6/],
  [when({ 'ip6.saddr': '::1' }), 'when[0].ip6.saddr', /^a packet of ip is not one of ip6/, 'ip'],
  [when({ 'arp.operation': 'request' }), 'when[0].arp.operation', /^a packet of inet is not one of arp/],
  // Matches in the form of libnftables-json.
  [when({ match: 7 }), 'when[0].match', /^expected { op, left, right }/],
  [match('=', dport, 22), 'when[0].match.op', /^expected '=='/],
  [match('==', 7, 22), 'when[0].match.left', /^expected a field/],
  [match('==', { meta: { key: 'x' } }, 22), 'when[0].match.left.meta.key', /^expected 'length'/],
  [match('==', { payload: { protocol: 'tcp', field: 'x' } }, 22), 'when[0].match.left.payload.field', /^unknown field 'x'/],
  [match('==', { payload: { protocol: 7, field: 'x' } }, 22), 'when[0].match.left.payload.protocol', /^expected the name of a protocol/],
  [match('==', { ct: { key: 'proto-dst', dir: 'x' } }, 22), 'when[0].match.left.ct.dir', /^expected 'original' or 'reply'/],
  [match('==', { ct: { key: 'state', dir: 'reply' } }, 22), 'when[0].match.left.ct.key', /^expected 'ip saddr'/],
  [match('==', { fib: { result: 'x', flags: 'saddr' } }, 22), 'when[0].match.left.fib.result', /^expected 'oif'/],
  [match('==', { fib: { result: 'oif', flags: 'x' } }, 22), 'when[0].match.left.fib.flags', /^expected 'saddr'/],
  [match('==', { concat: [dport] }, 22), 'when[0].match.left.concat', /two fields or more/],
  [match('==', { concat: [dport, mark] }, 22), 'when[0].match.right', /needs a set/],
  [match('==', { concat: [dport, mark] }, { set: ['1'] }), 'when[0].match.right.set[0]', /expected 2 fields/],
  [match('==', { '&': [mark] }, 22), 'when[0].match.left.&', /^expected two sides/],
  [match('==', { '&': [mark, 'x'] }, 22), 'when[0].match.left.&[1]', /^expected an integer/],
  [match('<', dport, { set: [1, 2] }), 'when[0].match.right', /cannot be compared with '<'$/],
  [match('<', dport, '@ports'), 'when[0].match.right', /cannot be compared with '<'$/],
  [match('<', dport, '1-2'), 'when[0].match.right', /cannot be compared with '<'$/],
  [match('==', dport, { range: [1] }), 'when[0].match.right.range', /^expected a first and a last value/],
  [match('==', dport, { prefix: { addr: 0, len: 17 } }), 'when[0].match.right.prefix', /from 0 to 16/],
  [match('in', { payload: { protocol: 'tcp', field: 'flags' } }, ['syn', 'x']), 'when[0].match.right[1]', /^expected 'fin'/],
  [{ when: [{ match: { op: '==', left: dport, right: 1, x: 1 } }], then: [] }, 'when[0].match.x', /^unknown property/],
  [{ when: [{ iifname: 'lo' }], then: [] }, 'when[0].iifname', /^unknown field; did you mean meta\.iifname\?$/],
  [{ when: [{ 'tcp dport': 22 }], then: [] }, 'when[0].tcp dport', /^unknown field; did you mean tcp\.dport\?$/],
  // Conditions and statements beside those properties.
  [{ iifname: 'lo', then: [] }, 'iifname', /^unknown property; what a rule tests is in 'when'; did you mean meta\.iifname\?$/],
  [{ accept: true, then: [] }, 'accept', /^unknown property; what a rule does is in 'then'$/],
  [{ verdict: 'accept', then: [] }, 'verdict', /^unknown property; what a rule does is in 'then'$/],
  [{ than: 'accept' }, 'than', /^unknown property; did you mean then\?$/],
  // Statements.
  [{ then: 'acept' }, 'then', /did you mean accept\?$/],
  [{ then: 'allow' }, 'then', /^unknown statement 'allow'; did you mean accept\?$/],
  [{ then: ['counter', 'deny'] }, 'then[1]', /^unknown statement 'deny'; did you mean drop or reject\?$/],
  [{ then: { masq: null } }, 'then.masq', /^unknown statement 'masq'; did you mean masquerade\?$/],
  [{ then: 'DROP' }, 'then', /^unknown statement 'DROP'; did you mean drop\?$/],
  [{ then: 'constructor' }, 'then', /^unknown statement 'constructor'; there are accept, drop, return, jump, goto, continue, counter, /],
  [{ then: ['counter', 7] }, 'then[1]', /^expected a statement, not 7$/],
  [then({}), 'then[0]', /with one property/],
  [then({ counter: null, log: null }), 'then[0]', /with one property/],
  [then({ counter: undefined }), 'then[0].counter', /^undefined is not a value$/],
  [{ then: 'limit' }, 'then', /needs a value/],
  [then({ jump: 7 }), 'then[0].jump', /^expected the name of a chain/],
  [then({ counter: 7 }), 'then[0].counter', /^expected an object/],
  [then({ counter: { packets: -1 } }), 'then[0].counter.packets', /^expected an integer from 0/],
  [then({ counter: { bytes: 1.5 } }), 'then[0].counter.bytes', /^expected an integer from 0/],
  [then({ counter: { packet: 1 } }), 'then[0].counter.packet', /did you mean packets\?$/],
  [then({ limit: {} }), 'then[0].limit.rate', /^expected an integer from 1/],
  [then({ limit: { rate: 1, per: 'year' } }), 'then[0].limit.per', /^expected 'second'/],
  [then({ limit: { rate: 1, rate_unit: 'gbytes' } }), 'then[0].limit.rate_unit', /^expected 'packets'/],
  [then({ limit: { rate: 1, burst: -1 } }), 'then[0].limit.burst', /^expected an integer from 0/],
  [then({ limit: { rate: 1, burst: 1, burst_unit: 'bytes' } }), 'then[0].limit.burst_unit', /^expected 'packets'/],
  [then({ limit: { rate: 1, inv: 1 } }), 'then[0].limit.inv', /^expected true or false/],
  [then({ quota: { val: -1 } }), 'then[0].quota.val', /^expected an integer from 0/],
  [then({ quota: { val: 1, val_unit: 'x' } }), 'then[0].quota.val_unit', /^expected 'bytes'/],
  [then({ quota: { val: 1, used: -1 } }), 'then[0].quota.used', /^expected an integer from 0/],
  [then({ quota: { val: 1, used_unit: 'x' } }), 'then[0].quota.used_unit', /^expected 'bytes'/],
  [then({ quota: { val: 1, inv: 'x' } }), 'then[0].quota.inv', /^expected true or false/],
  [then({ log: { prefix: 'x'.repeat(128) } }), 'then[0].log.prefix', /1 to 127 bytes/],
  [then({ log: { group: 70_000 } }), 'then[0].log.group', /^expected an integer from 0 to 65535/],
  [then({ log: { group: 1, snaplen: -1 } }), 'then[0].log.snaplen', /^expected an integer from 0/],
  [then({ log: { group: 1, 'queue-threshold': -1 } }), 'then[0].log.queue-threshold', /^expected an integer from 0/],
  [then({ log: { snaplen: 1 } }), 'then[0].log.snaplen', /^needs a group$/],
  [then({ log: { group: 1, level: 'debug' } }), 'then[0].log.level', /has no level/],
  [then({ log: { level: 'x' } }), 'then[0].log.level', /^expected 'emerg'/],
  [then({ log: { flags: ['all', 'x'] } }), 'then[0].log.flags[1]', /^expected 'tcp sequence'/],
  [then({ reject: { type: 'x' } }), 'then[0].reject.type', /^expected 'icmp'/],
  [then({ reject: { type: 'icmp', expr: 'x' } }), 'then[0].reject.expr', /^expected/],
  [then({ reject: { type: 'tcp reset', expr: 1 } }), 'then[0].reject.expr', /has no code$/],
  [then({ reject: { type: 'icmpx' } }), 'then[0].reject.type', /write 'icmp'$/, 'ip'],
  [then({ queue: { num: 70_000 } }), 'then[0].queue.num', /from 0 to 65535/],
  [then({ queue: { flags: 'x' } }), 'then[0].queue.flags', /^expected 'bypass'/],
  [then({ snat: {} }), 'then[0].snat', /^needs an address or a port$/],
  [then({ dnat: { port: 1 } }), 'then[0].dnat.family', /^expected 'ip' or 'ip6'/],
  [then({ dnat: { family: 'ip6', addr: '::1' } }), 'then[0].dnat.family', /in a table of the family 'ip'$/, 'ip'],
  [then({ dnat: { addr: '1.1.1.x' } }), 'then[0].dnat.addr', /^expected an IPv4 address/],
  [then({ dnat: { addr: '1.1.1.1', port: 'x' } }), 'then[0].dnat.port', /^expected an integer/],
  [then({ dnat: { addr: '1.1.1.1', flags: 'x' } }), 'then[0].dnat.flags', /^expected 'random'/],
  [then({ masquerade: { addr: '1.1.1.1' } }), 'then[0].masquerade.addr', /^unknown property/],
  [then({ redirect: { port: 70_000 } }), 'then[0].redirect.port', /from 0 to 65535/],
  [then({ mark: 'x' }), 'then[0].mark', /^expected an integer/],
  [then({ 'ct mark': -1 }), 'then[0].ct mark', /^expected an integer/],
  [then({ mangle: { key: 7, value: 1 } }), 'then[0].mangle.key', /^expected a field/],
  [then({ mangle: { key: mark, value: 'x' } }), 'then[0].mangle.value', /^expected an integer/],
  [then({ mark: { map: { key: dport } } }), 'then[0].mark.map', /^expected { key, data }/],
  [then({ mark: { map: { key: dport, data: 7 } } }), 'then[0].mark.map.data', /name of a map/],
  [then({ mark: { map: { key: dport, data: '@ports' } } }), 'then[0].mark.map.data', /is a set, not a map$/],
  [then({ mark: { map: { key: dport, data: '@verdicts' } } }), 'then[0].mark.map.data', /has values of another type$/],
  [then({ mark: { numgen: { mode: 'x', mod: 2 } } }), 'then[0].mark.numgen.mode', /^expected 'inc' or 'random'/],
  [then({ mark: { numgen: { mode: 'inc', mod: 0 } } }), 'then[0].mark.numgen.mod', /^expected an integer from 1/],
  [then({ mark: { symhash: { mod: 2, offset: -1 } } }), 'then[0].mark.symhash.offset', /^expected an integer from 0/],
  [then({ vmap: { key: 7, data: '@verdicts' } }), 'then[0].vmap.key', /^expected a field/],
  [then({ vmap: { key: dport, data: '@marks' } }), 'then[0].vmap.data', /has values of another type$/],
  [then({ vmap: { key: dport, data: { set: [1] } } }), 'then[0].vmap.data.set[0]', /^expected a key and a value/],
  [then({ vmap: { key: dport, data: { set: [['x', 'accept']] } } }), 'then[0].vmap.data.set[0][0]', /^expected an integer/],
  [then({ vmap: { key: dport, data: { set: [[1, 'x']] } } }), 'then[0].vmap.data.set[0][1]', /^expected 'accept'/],
  [
    then({
      vmap: {
        key: dport,
        data: {
          set: [
            ['1-5', 'accept'],
            ['3-9', 'drop'],
          ],
        },
      },
    }),
    'then[0].vmap.data.set',
    /two keys of a map overlap$/,
  ],
  [then({ set: { op: 'x', elem: dport, set: '@ports' } }), 'then[0].set.op', /^expected 'add'/],
  [then({ set: { op: 'add', elem: 7, set: '@ports' } }), 'then[0].set.elem', /^expected a field/],
  [then({ set: { op: 'add', elem: mark, set: '@ports' } }), 'then[0].set.set', /^the key of 'ports' is/],
  [then({ set: { op: 'add', elem: dport, set: 'ports' } }), 'then[0].set.set', /such as '@s'/],
  [then({ set: { op: 'add', elem: { elem: { val: dport, timeout: 'x' } }, set: '@ports' } }), 'then[0].set.elem.elem.timeout', /./],
  [
    then({ set: { op: 'add', elem: dport, set: '@ports', stmt: ['accept'] } }),
    'then[0].set.stmt[0]',
    /a counter, a limit or a quota only$/,
  ],
  // Statements behind the end of a rule, which nft rejects too.
  [{ then: ['accept', 'counter'] }, 'then[1]', /^the rule ends at then\[0\], 'accept'; put the statement before it, or omit it$/],
  [{ then: [{ dnat: { addr: '1.1.1.1' } }, 'accept'] }, 'then[1]', /^the rule ends at then\[0\], 'dnat'/],
  [{ then: ['counter', { jump: 'c' }, 'log'] }, 'then[2]', /^the rule ends at then\[1\], 'jump'/],
  [{ then: [{ drop: null }, { match: { op: '==', left: dport, right: 22 } }] }, 'then[1]', /^the rule ends at then\[0\], 'drop'/],
  // Ports of translations for packets of any protocol, which nft rejects too.
  [then({ dnat: { addr: '1.1.1.1', port: 80 } }), 'then[0].dnat.port', /^needs a condition before it on the protocol/],
  [{ when: [{ 'meta.l4proto': { not: 'tcp' } }], then: { redirect: { port: 80 } } }, 'then.redirect.port', /^needs a condition/],
  [{ when: [{ 'meta.l4proto': '6-17' }], then: { snat: { addr: '1.1.1.1', port: 80 } } }, 'then.snat.port', /^needs a condition/],
  [{ when: [{ 'th.dport': 53 }], then: { redirect: { port: 80 } } }, 'then.redirect.port', /^needs a condition/],
  [then({ flow: { op: 'del', flowtable: '@f' } }), 'then[0].flow.op', /^expected 'add'/],
  [then({ flow: { op: 'add', flowtable: 'f' } }), 'then[0].flow.flowtable', /such as '@f'/],
  [then({ notrack: { x: 1 } }), 'then[0].notrack.x', /^unknown property/],
];

const OTHERS: readonly (readonly [reason: string, ...row: Row])[] = [
  ['unknown-name', when({ 'tcp.dport': '@nowhere' }), 'when[0].tcp.dport', /^the table has no set or map 'nowhere'$/],
  ['unsupported', then({ mark: { '<<': [mark, 1] } }), 'then[0].mark.<<', /write the rule as expressions$/],
];

describe('compileRule, with wrong rules', () => {
  for (const [rule, path, text, family = 'inet'] of INVALID)
    it(`names ${path || 'the rule'} in ${JSON.stringify(rule).slice(0, 120)}`, () => {
      const [reason, where, message] = failure(rule, family);
      expect([reason, where]).to.deep.equal(['invalid', path]);
      expect(message).to.match(text);
    });

  for (const [reason, rule, path, text, family = 'inet'] of OTHERS)
    it(`has the reason ${reason} for ${path}`, () => {
      const [why, where, message] = failure(rule, family);
      expect([why, where]).to.deep.equal([reason, path]);
      expect(message).to.match(text);
    });
});
