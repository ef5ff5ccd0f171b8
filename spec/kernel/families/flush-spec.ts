import { inspect } from 'node:util';
import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { conntrack } from '../../../lib/families/conntrack.js';
import { conntrackExpect } from '../../../lib/families/conntrack_expect.js';
import { ipset } from '../../../lib/families/ipset.js';
import { nftables } from '../../../lib/families/nftables.js';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import { tcpMetrics } from '../../../lib/families/tcp_metrics.js';
import { EncodeError, KernelError } from '../../../lib/index.js';
import { requirePrograms } from '../../support/programs.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

const [INET, INET6] = [2, 10];

/** One connection over loopback, of which the kernel keeps metrics. */
const TALK = `
const { createServer, connect } = require('node:net');
const server = createServer((peer) => peer.end('x'.repeat(5000)));
server.listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1').resume().on('end', () => server.close()));
`;

/** A client whose requests are not typed: some of the wrong ones have wrong types. */
interface Client {
  do(op: string, request: object): Observable<unknown>;
  close(): void;
}

// A property that is undefined by mistake must not turn the deletion of one object into that of all.
describe('deletions that name no object', () => {
  const namespace = useNamespace();
  const clients: Client[] = [];
  const open = (factory: (options: object) => unknown): Client => {
    const client = factory({ netns: namespace().path }) as Client;
    clients.push(client);
    return client;
  };
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  const state = (command: string): string => namespace().run('sh', '-ec', command).trim();

  /** Expects that each request is rejected before it is sent, and that a tool still shows the same. */
  const refused = async (client: Client, command: string, requests: readonly (readonly [op: string, request: object])[]): Promise<void> => {
    const before = state(command);
    for (const [op, request] of requests) {
      const error = await lastValueFrom(client.do(op, request)).then(
        () => expect.fail(`${inspect([op, request])} was sent`),
        (reason: unknown) => reason,
      );
      expect(error, inspect([op, request])).to.be.instanceOf(EncodeError);
      expect((error as Error).message).to.match(
        /^EENCODE \w+: (?:.+ is missing(?: or 0)?(?:: without it the kernel .+)?|\.filter: with it the kernel .+)$/,
      );
    }
    expect(state(command)).to.equal(before);
  };

  it('are rejected for tables, rules and elements of nftables, which flushes delete', async () => {
    requirePrograms('nft');
    namespace().run(
      'nft',
      'table ip t { set s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }; chain a { accept; drop; }; chain b { accept; }; }; table ip6 t { }; table inet u { }',
    );
    const client = open(nftables);
    const t = { nfgenFamily: INET, table: 't' };
    await refused(client, 'nft -a list ruleset', [
      ['deltable', {}],
      ['deltable', { nfgenFamily: INET }],
      ['deltable', { name: 't' }],
      ['deltable', { handle: 1n }],
      ['deltable', { nfgenFamily: 0, name: 't' }],
      ['deltable', { nfgenFamily: 0, handle: 1n }],
      ['flushruleset', { nfgenFamily: undefined }],
      ['destroytable', { nfgenFamily: INET, name: undefined }],
      ['delrule', t],
      ['delrule', { ...t, chain: 'a' }],
      ['delrule', { ...t, chain: 'a', handle: undefined }],
      ['delrule', { ...t, handle: 4n }],
      ['destroyrule', { ...t, chain: 'a' }],
      ['delsetelem', { ...t, set: 's' }],
      ['destroysetelem', { ...t, set: 's', elements: undefined }],
    ]);
    await lastValueFrom(client.do('flushset', { ...t, set: 's' }));
    expect(state('nft list set ip t s')).not.to.contain('elements');
    await lastValueFrom(client.do('flushchain', { ...t, chain: 'a' }));
    expect(state('nft list table ip t').match(/accept|drop/g)).to.deep.equal(['accept']);
    await lastValueFrom(client.do('flushtable', t));
    expect(state('nft list table ip t')).not.to.match(/accept|drop/);
    await lastValueFrom(client.do('flushruleset', { nfgenFamily: INET }));
    expect(state('nft list tables').split('\n')).to.have.members(['table ip6 t', 'table inet u']);
    await lastValueFrom(client.do('flushruleset', { nfgenFamily: 0 }));
    expect(state('nft list tables')).to.equal('');
  });

  it('are rejected for connections, which flush deletes by mark, or all', async function () {
    requirePrograms('conntrack');
    const add = (port: number, ...more: string[]): string =>
      namespace().run(
        'conntrack',
        '-I',
        '-s',
        '10.0.0.1',
        '-d',
        '10.0.0.2',
        '-p',
        'udp',
        '--sport',
        String(port),
        '--dport',
        '53',
        '-t',
        '90',
        ...more,
      );
    try {
      add(1);
    } catch (error) {
      skipBecause(this, 'this kernel has no conntrack', error);
    }
    add(2, '-m', '7');
    add(3, '-w', '5');
    namespace().run('conntrack', '-I', '-s', 'fd00::1', '-d', 'fd00::2', '-p', 'udp', '--sport', '6', '--dport', '53', '-t', '90');
    const client = open(conntrack);
    const list = "conntrack -L -o id | sed 's/udp *17 [0-9]*//' | sort";
    const ports = (): string[] => [...new Set(state('conntrack -L').match(/(?<=src=10.0.0.1 dst=10.0.0.2 sport=)\d+/g) ?? [])].sort();
    await refused(client, list, [
      ['delete', {}],
      ['delete', { nfgenFamily: INET }],
      ['delete', { tupleOrig: undefined }],
      ['delete', { zone: 5 }],
      ['delete', { id: 1 }],
      ['delete', { tupleOrig: undefined, mark: 0, status: 0 }],
      ['delete', { filter: {} }],
    ]);
    expect(ports()).to.deep.equal(['1', '2', '3']);
    await lastValueFrom(client.do('flush', { mark: 7 }));
    expect(ports()).to.deep.equal(['1', '3']);
    await lastValueFrom(client.do('flush', { nfgenFamily: INET }));
    expect(ports()).to.deep.equal([]);
    expect(state('conntrack -L -f ipv6')).to.contain('fd00::1');
    await lastValueFrom(client.do('flush', {}));
    expect(state('conntrack -L -f ipv6')).to.equal('');
    await refused(open(conntrackExpect), 'conntrack -L exp', [
      ['delete', {}],
      ['delete', { nfgenFamily: INET, id: 4 }],
    ]);
  });

  it('are rejected for sets, which flush-all and destroy-all delete', async function () {
    requirePrograms('ipset');
    try {
      namespace().run('ipset', 'create', 'a', 'hash:ip');
    } catch (error) {
      skipBecause(this, 'this kernel has no ipset', error);
    }
    state('ipset create b hash:ip; ipset add a 10.0.0.1; ipset add b 10.0.0.2');
    const client = open(ipset);
    await refused(client, 'ipset save', [
      ['flush', {}],
      ['flush', { setname: undefined }],
      ['destroy', {}],
    ]);
    await lastValueFrom(client.do('flush', { setname: 'a' }));
    expect(state('ipset save').match(/^add .*/gm)).to.deep.equal(['add b 10.0.0.2']);
    await lastValueFrom(client.do('flush-all', {}));
    expect(state('ipset list -n').split('\n')).to.have.members(['a', 'b']);
    expect(state('ipset save')).not.to.contain('add');
    await lastValueFrom(client.do('destroy-all', {}));
    expect(state('ipset list -n')).to.equal('');
  });

  it('are rejected for rules and addresses, of which the kernel would delete the first', async () => {
    // A rule for a type of service is found by it.
    state('ip rule add tos 0x10 table 77');
    const rules = open(rtRule);
    await lastValueFrom(rules.do('delrule', { family: INET, tos: 0x10 }));
    expect(state('ip rule').split('\n')).to.have.length(3);
    state('ip address add 10.1.0.1/24 dev lo; ip address add 10.2.0.1/24 dev lo');
    await refused(rules, 'ip rule; ip -6 rule', [
      ['delrule', { family: INET }],
      ['delrule', { family: INET6, action: 1 }],
      ['delrule', { family: INET, priority: undefined }],
      ['delrule', { family: INET, fwmark: 0 }],
      ['delrule', { family: INET, src: '0.0.0.0/0' }],
      ['delrule', { family: INET, action: 2, goto: 32_767 }],
    ]);
    const ifaIndex = 1;
    await refused(open(rtAddr), 'ip -4 address show dev lo', [
      ['deladdr', { ifaFamily: INET, ifaIndex }],
      ['deladdr', { ifaFamily: INET, ifaIndex, ifaPrefixlen: 24, local: undefined }],
      ['deladdr', { ifaFamily: INET, ifaIndex, label: 'lo' }],
    ]);
  });

  it('are rejected for metrics of TCP, which flush deletes', async () => {
    state('ip link set lo up');
    namespace().run(process.execPath, '-e', TALK);
    expect(state('ip tcp_metrics')).to.contain('127.0.0.1');
    const client = open(tcpMetrics);
    await refused(client, "ip tcp_metrics | sed 's/ age [^ ]*//'", [
      ['del', {}],
      ['del', { addrIpv4: undefined }],
      ['del', { saddrIpv4: '127.0.0.1' }],
    ]);
    const error: unknown = await lastValueFrom(client.do('flush', {})).catch((reason: unknown) => reason);
    // The process may be root of another user namespace.
    if (error === undefined) expect(state('ip tcp_metrics')).to.equal('');
    else expect(error).to.be.instanceOf(KernelError).with.property('code', 'EPERM');
  });
});
