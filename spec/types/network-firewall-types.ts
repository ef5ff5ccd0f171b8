/*
 * Compiled with all other files, never run. Each `@ts-expect-error` is a mistake that must not compile.
 */
import type { FirewallRule } from '../../lib/network/firewall/rules/firewall-rule.js';
import type { Match } from '../../lib/network/firewall/rules/match.js';
import type { Statement } from '../../lib/network/firewall/rules/statement.js';

declare function rule(value: FirewallRule): void;
declare function match(value: Match): void;
declare function statement(value: Statement): void;

/* Rules */
rule({ when: [{ 'tcp.dport': 22 }, { 'ct.state': 'established,related' }], then: ['counter', 'accept'], comment: 'ssh' });
rule({ then: 'drop' });
rule({ expressions: [{ name: 'counter', data: { packets: 1n } }] });
// @ts-expect-error a rule needs statements
rule({ when: [{ 'tcp.dport': 22 }] });
// @ts-expect-error a rule has statements or expressions
rule({ then: 'accept', expressions: [] });
// @ts-expect-error an expression whose data are those of another one
rule({ expressions: [{ name: 'counter', data: { rate: 1n } }] });

/* Matches in the short form */
match({ 'ip.saddr': ['10.0.0.0/8', '192.168.0.1'] });
match({ 'meta.iifname': { not: 'eth*' } });
match({ 'fib.daddr.type': 'local' });
// @ts-expect-error a misspelt field
match({ 'tcp.dprt': 22 });
// @ts-expect-error a field of another protocol
match({ 'udp.flags': 'syn' });
// @ts-expect-error a value is not an object
match({ 'tcp.dport': { port: 22 } });

/* Matches in the form of libnftables-json */
match({ match: { op: '==', left: { meta: { key: 'mark' } }, right: 5 } });
// @ts-expect-error a misspelt operator
match({ match: { op: '=', left: { meta: { key: 'mark' } }, right: 5 } });
// @ts-expect-error the right side is missing
match({ match: { op: '==', left: { meta: { key: 'mark' } } } });
// @ts-expect-error a selector of another name
match({ match: { op: '==', left: { mta: { key: 'mark' } }, right: 5 } });

/* Statements */
statement({ jump: 'chain' });
statement({ limit: { rate: 10, per: 'second', burst: 5 } });
statement({ dnat: { addr: '10.0.0.1', port: 80 } });
statement({
  vmap: {
    key: { meta: { key: 'mark' } },
    data: {
      set: [
        [1, 'accept'],
        [2, { jump: 'c' }],
      ],
    },
  },
});
// @ts-expect-error a misspelt statement
statement('acept');
// @ts-expect-error a misspelt statement
statement({ jmp: 'chain' });
// @ts-expect-error limit needs a rate
statement({ limit: { per: 'second' } });
// @ts-expect-error a period that limits do not have
statement({ limit: { rate: 1, per: 'year' } });
// @ts-expect-error a flag of another statement
statement({ dnat: { addr: '10.0.0.1', flags: 'bypass' } });
// @ts-expect-error masquerade has no address
statement({ masquerade: { addr: '10.0.0.1' } });
// @ts-expect-error a level that log does not have
statement({ log: { level: 'warning' } });
// @ts-expect-error a type that reject does not have
statement({ reject: { type: 'udp' } });
// @ts-expect-error a flowtable needs an operation
statement({ flow: { flowtable: '@f' } });
// @ts-expect-error goto needs the name of a chain
statement({ goto: null });
