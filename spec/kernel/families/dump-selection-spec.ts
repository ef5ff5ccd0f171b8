import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { familyFactory } from '../../../lib/client/index.js';
import { conntrack, conntrackSchema, type GetReply } from '../../../lib/families/conntrack.js';
import { nftables } from '../../../lib/families/nftables.js';
import { tc } from '../../../lib/families/tc.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';

// The kernel ignores most properties of these dumps without an error: it returns all rows.
describe('dumps of families that ignore properties of a request', function () {
  this.timeout(20_000);
  const namespace = useNamespace();
  const options = () => ({ netns: namespace().path });

  describe('conntrack', () => {
    const from = (source: string) => ({ tupleOrig: { tupleIp: { ipV4Src: source } } }) as const;
    const listed = (...filter: string[]): string[] =>
      namespace()
        .run('conntrack', '-L', '-o', 'id', ...filter)
        .split('\n')
        .flatMap((line) => / id=(\d+)/.exec(line)?.[1] ?? []);

    before(function () {
      requirePrograms('conntrack');
      try {
        for (const [index, source] of ['192.0.2.1', '192.0.2.1', '192.0.2.2'].entries())
          namespace().run(
            ...['conntrack', '-I', '-p', 'udp', '-s', source, '-d', '198.51.100.1', '--sport', `${1000 + index}`, '--dport', '53'],
            ...['-t', '60', '-m', `${index}`],
          );
      } catch (error) {
        skipBecause(this, 'this kernel has no connection tracking', error);
      }
    });

    it('lists the connections of a source, as conntrack -L -s does', async () => {
      using client = conntrack(options());
      const ids = (await lastValueFrom(client.list('get', from('192.0.2.1')))).map(({ id }) => String(id));
      expect(ids).to.have.lengthOf(2).and.have.members(listed('-s', '192.0.2.1'));
      expect(await lastValueFrom(client.list('get', from('203.0.113.9')))).to.deep.equal([]);
    });

    it('lists a connection by its ID, and by a mark with a mask', async () => {
      using client = conntrack(options());
      const all = await lastValueFrom(client.list('get'));
      const [one] = all;
      expect((await lastValueFrom(client.list('get', { id: one!.id! }))).map(({ id }) => id)).to.deep.equal([one!.id]);
      const marked = await lastValueFrom(client.list('get', { mark: 2, markMask: 2 }));
      expect(marked.map(({ id }) => String(id))).to.have.members(listed('-m', '2/2'));
    });

    it('rejects a filter by IPv6 addresses, whose comparison is inverted in the kernel', async () => {
      for (const [index, source] of ['2001:db8::1', '2001:db8::2'].entries())
        namespace().run(
          ...['conntrack', '-I', '-p', 'udp', '-s', source, '-d', '2001:db8::9', '--sport', `${1000 + index}`],
          ...['--dport', '53', '-t', '60'],
        );
      const tupleOrig = { tupleIp: { ipV6Src: '2001:db8::1' } };
      const request = { nfgenFamily: 10, tupleOrig, filter: { origFlags: 1 } };
      const sources = (rows: readonly GetReply[]) => rows.map((row) => row.tupleOrig?.tupleIp?.ipV6Src);
      using unchecked = familyFactory(conntrackSchema)(options());
      expect(sources(await lastValueFrom(unchecked.list('get', request)))).to.deep.equal(['2001:db8::2']);
      using client = conntrack(options());
      expect(sources(await lastValueFrom(client.list('get', { tupleOrig })))).to.deep.equal(['2001:db8::1']);
      expect(() => client.list('get', request)).to.throw(TypeError, 'all IPv6 connections except those of the address; omit filter');
    });

    it('rejects a reset of counters of which the kernel would reset all', () => {
      using client = conntrack(options());
      const resets = 'the kernel would reset the counters of all connections';
      expect(() => client.list('get-ctrzero', from('192.0.2.1'))).to.throw(TypeError, resets);
      expect(() => client.list('get-ctrzero', { id: 7 })).to.throw(TypeError, resets);
      expect(() => client.list('get-ctrzero', { timeout: 7 })).to.throw(TypeError, `${resets}: it does not select by timeout`);
      expect(() => client.list('get-ctrzero', { ...from('192.0.2.1'), filter: { origFlags: 0 } })).to.throw(TypeError, resets);
    });

    it('rejects a property by which nothing selects', () => {
      using client = conntrack(options());
      expect(() => client.list('get', { timeout: 7 })).to.throw(
        TypeError,
        'conntrack: get: a dump cannot select by timeout; expected nfgenFamily, zone, id, tupleOrig, tupleReply, mark, filter, status, statusMask',
      );
    });
  });

  describe('nftables', () => {
    const INET = 1;

    before(function () {
      requirePrograms('nft');
      const rules = 'table inet a { set s { type ipv4_addr; }; chain c { accept; drop; }; }; table inet b { chain d { accept; }; }';
      try {
        namespace().run('nft', rules);
      } catch (error) {
        skipBecause(this, 'this kernel has no nftables', error);
      }
    });

    it('lists tables and chains by name', async () => {
      using client = nftables(options());
      expect((await lastValueFrom(client.list('gettable', { name: 'b' }))).map(({ name }) => name)).to.deep.equal(['b']);
      expect(await lastValueFrom(client.list('gettable', { name: 'nope' }))).to.deep.equal([]);
      expect(await lastValueFrom(client.list('getchain', { table: 'nope' }))).to.deep.equal([]);
      expect((await lastValueFrom(client.list('getchain', { table: 'a' }))).map(({ name }) => name)).to.deep.equal(['c']);
      expect((await lastValueFrom(client.list('getset', { name: 's' }))).map(({ name }) => name)).to.deep.equal(['s']);
    });

    it('lists rules of a chain without its table, and by handle', async () => {
      using client = nftables(options());
      const rules = await lastValueFrom(client.list('getrule', { nfgenFamily: INET, chain: 'c' }));
      const { nftables: shown } = JSON.parse(namespace().run('nft', '-j', '-a', 'list', 'chain', 'inet', 'a', 'c')) as {
        nftables: { rule?: { handle: number } }[];
      };
      const handles = shown.flatMap(({ rule }) => rule?.handle ?? []);
      expect(rules.map(({ handle }) => Number(handle))).to.deep.equal(handles);
      const handle = BigInt(handles[1]!);
      expect((await lastValueFrom(client.list('getrule', { handle, table: 'a', chain: 'c' }))).map((rule) => rule.handle)).to.deep.equal([
        handle,
      ]);
      expect(await lastValueFrom(client.list('getrule', { handle: 999n }))).to.deep.equal([]);
    });

    it('rejects a property by which nothing selects', () => {
      using client = nftables(options());
      expect(() => client.list('getrule', { position: 7n })).to.throw(TypeError, 'nftables: getrule: a dump cannot select by position');
    });
  });

  describe('tc', () => {
    before(() => {
      for (const line of ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']) namespace().ip(line);
      for (const line of [
        'qdisc add dev v0 root handle 1: htb',
        'class add dev v0 parent 1: classid 1:1 htb rate 10mbit',
        'class add dev v0 parent 1:1 classid 1:2 htb rate 1mbit',
        'qdisc add dev v0 parent 1:2 handle 2: pfifo',
      ])
        namespace().run('tc', ...line.split(' '));
    });

    it('lists qdiscs by kind, parent and handle', async () => {
      using client = tc(options());
      const handles = async (request: object): Promise<number[]> =>
        (await lastValueFrom(client.list('getqdisc', request))).map(({ handle }) => handle);
      expect(await handles({ kind: 'htb' })).to.deep.equal([0x1_0000]);
      expect(await handles({ parent: 0x1_0002 })).to.deep.equal([0x2_0000]);
      expect(await handles({ handle: 0x2_0000 })).to.deep.equal([0x2_0000]);
    });

    it('lists all classes of the qdisc of a parent, as the kernel does', async () => {
      using client = tc(options());
      const { ifindex } = (await lastValueFrom(client.list('getqdisc', { kind: 'htb' })))[0]!;
      const classes = async (request: object): Promise<number[]> =>
        (await lastValueFrom(client.list('gettclass', { ifindex, ...request }))).map(({ handle }) => handle).sort();
      const shown = JSON.parse(namespace().run('tc', '-j', 'class', 'show', 'dev', 'v0', 'parent', '1:')) as { handle: string }[];
      expect(await classes({ parent: 0x1_0000 }))
        .to.have.lengthOf(shown.length)
        .and.deep.equal([0x1_0001, 0x1_0002]);
      expect(await classes({ handle: 0x1_0002 })).to.deep.equal([0x1_0002]);
    });

    it('rejects the classes and the filters of no link: the kernel lists none', () => {
      using client = tc(options());
      for (const op of ['gettclass', 'gettfilter'] as const)
        expect(() => client.list(op)).to.throw(TypeError, `tc: ${op}: expected ifindex: the kernel lists nothing without it`);
    });
  });
});
