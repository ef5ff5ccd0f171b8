import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { conntrack } from '../../../lib/families/conntrack.js';
import { nftables } from '../../../lib/families/nftables.js';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtNeigh } from '../../../lib/families/rt-neigh.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import { tc } from '../../../lib/families/tc.js';
import type { TraceEvent } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

/** RTM_GETRULE of uapi/linux/rtnetlink.h */
const GET_RULE = 34;

describe('live collections', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();
  const open = <Client extends { close(): void }>(factory: (options: { netns: string }) => Client): Client =>
    closing(factory({ netns: namespace().path }));
  const index = (name: string): number => (JSON.parse(namespace().ip(`-j link show ${name}`)) as { ifindex: number }[])[0]!.ifindex;

  beforeEach(() => {
    namespace().batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']);
  });
  afterEach(() => {
    // A spec that fails leaves its links behind, and it is repeated in an emulated machine.
    const links = JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[];
    const made = ['v0', 'br0', 'w0'].filter((name) => links.some(({ ifname }) => ifname === name));
    namespace().batch(made.map((name) => `link del ${name}`));
  });

  it('of links keep a port that leaves its bridge', async () => {
    namespace().batch(['link add br0 type bridge', 'link set v0 master br0']);
    const watcher = watch(open(rtLink).watch('getlink'));
    await watcher.has('the port', (links) => links.find(({ ifname }) => ifname === 'v0')?.master === index('br0'));
    const from = watcher.changes.length;
    namespace().ip('link set v0 nomaster');
    await watcher.has('the link without a master', (links) => links.some(({ ifname, master }) => ifname === 'v0' && master === undefined));
    await pause(100);
    expect(watcher.since(from).filter(({ type }) => type !== 'changed')).to.deep.equal([]);
    namespace().ip('link del br0');
    await watcher.has('no bridge', (links) => !links.some(({ ifname }) => ifname === 'br0'));
  });

  it('of the links of a bridge remove links that leave it', async () => {
    namespace().batch(['link add br0 type bridge', 'link set v0 master br0']);
    const watcher = watch(open(rtLink).watch('getlink', { master: index('br0') }));
    await watcher.has('its port', (links) => links.length === 1);
    namespace().ip('link set v0 nomaster');
    await watcher.has('none', (links) => links.length === 0);
    expect(watcher.changes.at(-1)?.type).to.equal('removed');
    namespace().ip('link del br0');
  });

  it('of routes accept request values as numbers and as names, and ignore zero', async () => {
    const prefixes = (rows: readonly { dst?: string | undefined }[]): unknown[] => rows.map(({ dst }) => dst);
    // RTN_BLACKHOLE
    const numbered = watch(open(rtRoute).watch('getroute', { rtmFamily: 2, rtmType: 6 }));
    const unspecified = watch(open(rtRoute).watch('getroute', { rtmFamily: 2, rtmType: 'unspec', rtmTable: 77 }));
    await Promise.all([
      numbered.has('nothing yet', (rows) => rows.length === 0),
      unspecified.has('nothing yet', (rows) => rows.length === 0),
    ]);
    namespace().batch(['route add blackhole 10.7.0.0/16 table 77', 'route add throw 10.8.0.0/16 table 77']);
    expect(prefixes(await numbered.has('the one that is asked for', (rows) => rows.length > 0))).to.deep.equal(['10.7.0.0']);
    expect(prefixes(await unspecified.has('both', (rows) => rows.length > 1))).to.have.members(['10.7.0.0', '10.8.0.0']);
    namespace().batch(['route del blackhole 10.7.0.0/16 table 77', 'route del throw 10.8.0.0/16 table 77']);
    await Promise.all([numbered.has('no more', (rows) => rows.length === 0), unspecified.has('no more', (rows) => rows.length === 0)]);
  });

  it('of addresses hold one address with three prefix lengths, and with two peers', async () => {
    const watcher = watch(open(rtAddr).watch('getaddr', { ifaFamily: 2 }));
    await watcher.has('being in sync');
    const lines = ['10.0.0.1/8', '10.0.0.1/16', '10.0.0.1/24', '10.9.0.1 peer 10.9.0.2/32', '10.9.0.1 peer 10.9.0.3/32'];
    namespace().batch(lines.map((line) => `addr add ${line} dev v0`));
    await watcher.has('all five', (addresses) => addresses.filter(({ ifaIndex }) => ifaIndex === index('v0')).length === 5);
    namespace().ip('addr del 10.0.0.1/16 dev v0');
    await watcher.has('four', (addresses) => addresses.filter(({ ifaIndex }) => ifaIndex === index('v0')).length === 4);
  });

  it('of addresses update the remaining lifetime without emitting a change', async () => {
    namespace().ip('addr add 10.0.0.1/8 dev v0 valid_lft 9000 preferred_lft 9000');
    const watcher = watch(open(rtAddr).watch('getaddr', { ifaFamily: 2, ifaIndex: index('v0') }));
    const validity = () => watcher.entries?.[0]?.cacheinfo?.ifaValid ?? 0;
    await watcher.has('it', () => validity() > 5000);
    namespace().ip('addr change 10.0.0.1/8 dev v0 valid_lft 5000 preferred_lft 5000');
    await watcher.has('less', () => validity() <= 5000);
    expect(watcher.since(0)).to.deep.equal([]);
  });

  it('of rules hold two equal rules, and remove one of them', async () => {
    const client = open(rtRule);
    const watcher = watch(client.watch('getrule', { family: 2 }));
    await watcher.has('being in sync');
    const rule = { family: 2, action: 'to-tbl', table: 99, priority: 555 } as const;
    const alike = () => watcher.entries!.filter(({ priority }) => priority === 555).length;
    for (const count of [1, 2]) {
      await lastValueFrom(client.do('newrule', rule, { create: true }));
      await watcher.has(`${String(count)} of them`, () => alike() === count);
    }
    namespace().ip('rule del pref 555');
    await watcher.has('one of them', () => alike() === 1);
    namespace().ip('rule del pref 555');
    await watcher.has('none of them', () => alike() === 0);
  });

  it('of rules hold all remaining rules when others are deleted during the dump', async () => {
    const all = Array.from({ length: 300 }, (_, count) => `rule add pref ${String(10_000 + count)} lookup 77`);
    namespace().batch(all);
    const deleted = all.slice(0, 30).map((line) => line.replace('add', 'del'));
    const client = open(rtRule);
    let dumps = 0;
    // The kernel makes the first part of a dump with the request and the next part when that is read: these run in between.
    const between = (event: unknown): void => {
      const { message, portId } = event as TraceEvent;
      if (message?.type !== GET_RULE || portId !== client.socket.portId || dumps++ > 0) return;
      queueMicrotask(() => {
        namespace().batch(deleted);
      });
    };
    subscribe('rxnetlink:send', between);
    try {
      const watcher = watch(client.watch('getrule', { family: 2 }));
      const rules = await watcher.has('being in sync');
      const left = rules.flatMap(({ table, priority }) => (table === 77 ? priority : []));
      expect(left).to.have.members(Array.from({ length: 270 }, (_, count) => 10_030 + count));
      expect(watcher.reasons, 'reasons of each snapshot').to.deep.equal(['initial']);
      expect(dumps).to.be.above(1);
    } finally {
      unsubscribe('rxnetlink:send', between);
      namespace().batch(all.slice(30).map((line) => line.replace('add', 'del')));
    }
  });

  it('of neighbours omit proxies and follow the others', async () => {
    const watcher = watch(open(rtNeigh).watch('getneigh'));
    await watcher.has('being in sync');
    namespace().batch(['neigh add proxy 10.1.0.77 dev v0', 'neigh add 10.1.0.9 lladdr 02:00:00:00:00:01 dev v0 nud permanent']);
    await watcher.has('the neighbour', (rows) => rows.some(({ dst }) => dst === '10.1.0.9'));
    expect(watcher.entries!.some(({ dst }) => dst === '10.1.0.77')).to.equal(false);
    namespace().ip('neigh replace 10.1.0.9 lladdr 02:00:00:00:00:02 dev v0 nud permanent');
    await watcher.has('its new address', (rows) => rows.some(({ lladdr }) => lladdr === '02:00:00:00:00:02'));
    expect(watcher.changes.at(-1)).to.deep.include({ type: 'changed', properties: ['lladdr'] });
    namespace().ip('neigh del 10.1.0.9 dev v0');
    await watcher.has('no neighbour', (rows) => !rows.some(({ dst }) => dst === '10.1.0.9'));
  });

  it('of forwarding entries emit a move as a change', async () => {
    namespace().batch(['link add br0 type bridge', 'link set v0 master br0', 'link set v1 master br0']);
    const watcher = watch(open(rtNeigh).watch('getneigh', { ndmFamily: 7 }));
    await watcher.has('being in sync');
    const at = (port: string) => () =>
      watcher.entries!.some(({ lladdr, ndmIfindex }) => lladdr === '02:00:00:00:00:44' && ndmIfindex === index(port));
    namespace().run('bridge', 'fdb', 'add', '02:00:00:00:00:44', 'dev', 'v0', 'master', 'static');
    await watcher.has('the entry', at('v0'));
    const from = watcher.changes.length;
    namespace().run('bridge', 'fdb', 'replace', '02:00:00:00:00:44', 'dev', 'v1', 'master', 'static');
    await watcher.has('the entry at its new port', at('v1'));
    // A bridge that has VLANs holds the address once more for each VLAN of the port.
    const changes = watcher.since(from).filter(({ value }) => value.lladdr === '02:00:00:00:00:44' && value.vlan === undefined);
    expect(changes.map(({ type }) => type)).to.deep.equal(['changed']);
    namespace().ip('link del br0');
    await watcher.has('none', (rows) => !rows.some(({ lladdr }) => lladdr === '02:00:00:00:00:44'));
  });

  it('of qdiscs, classes and filters follow changes with and without events', async () => {
    const run = (line: string) => namespace().run('tc', ...line.split(' '));
    const client = open(tc);
    const ifindex = index('v0');
    const qdiscs = watch(client.watch('getqdisc', { ifindex }));
    const classes = watch(client.watch('gettclass', { ifindex }));
    await qdiscs.has('the default qdisc', (rows) => rows.length === 1 && rows[0]!.kind === 'noqueue');
    run('qdisc add dev v0 root handle 1: htb default 1');
    run('class add dev v0 parent 1: classid 1:1 htb rate 1mbit');
    const filters = watch(client.watch('gettfilter', { ifindex, parent: 0x10000 }));
    await filters.has('being in sync');
    run('filter add dev v0 parent 1: protocol ip prio 6 u32 match u32 0 0 classid 1:1');
    await qdiscs.has('htb', (rows) => rows.some(({ kind }) => kind === 'htb'));
    await classes.has('a class', (rows) => rows.length === 1 && rows[0]!.handle === 0x10001);
    // The kernel sends no event for the hash table that comes with it.
    const shown = JSON.parse(namespace().run('tc', '-j', 'filter', 'show', 'dev', 'v0', 'parent', '1:')) as { options?: { fh?: string } }[];
    const handles = shown.flatMap(({ options }) => options?.fh ?? []);
    expect(handles).to.have.lengthOf(2);
    await filters.has('both', (rows) => rows.length === handles.length);
    run('qdisc del dev v0 root');
    await qdiscs.has('the default qdisc again', (rows) => rows.length === 1 && rows[0]!.kind === 'noqueue');
    await classes.has('no class', (rows) => rows.length === 0);
    await filters.has('no filter', (rows) => rows.length === 0);
  });

  it('of qdiscs add the default qdisc when a link goes up', async () => {
    namespace().ip('link set v0 down');
    namespace().batch(['link add w0 type veth peer name w1']);
    const watcher = watch(open(tc).watch('getqdisc', { ifindex: index('w0') }));
    expect(await watcher.has('being in sync')).to.have.lengthOf(0);
    namespace().ip('link set w0 up');
    await watcher.has('a qdisc', (rows) => rows.length === 1);
    namespace().ip('link del w0');
    await watcher.has('none', (rows) => rows.length === 0);
  });

  it('of nftables follow tables, chains, rules and sets', async () => {
    const client = open(nftables);
    const tables = watch(client.watch('gettable'));
    const chains = watch(client.watch('getchain'));
    const rules = watch(client.watch('getrule'));
    const sets = watch(client.watch('getset'));
    await Promise.all([tables, chains, rules, sets].map((watcher) => watcher.has('being in sync')));
    const nft = (line: string) => namespace().run('nft', line);
    nft('add table ip x; add chain ip x y; add rule ip x y counter accept; add set ip x s { type ipv4_addr; }');
    await tables.has('the table', ([table]) => table?.name === 'x');
    await chains.has('the chain', ([chain]) => chain?.name === 'y');
    await rules.has('the rule', ([rule]) => rule?.chain === 'y');
    await sets.has('the set', ([set]) => set?.name === 's');
    nft('insert rule ip x y drop');
    await rules.has('two rules', (rows) => rows.length === 2);
    nft('flush chain ip x y');
    await rules.has('no rule', (rows) => rows.length === 0);
    nft('delete table ip x');
    for (const watcher of [tables, chains, sets]) await watcher.has('nothing', (rows: readonly object[]) => rows.length === 0);
    expect([...tables.reasons, ...rules.reasons]).not.to.include('overrun');
  });

  it('of connections follow them from creation to deletion', async () => {
    const watcher = watch(open(conntrack).watch('get'));
    await watcher.has('being in sync');
    const entry = '-p udp -s 192.0.2.1 -d 192.0.2.2 --sport 1000 --dport 2000'.split(' ');
    namespace().run('conntrack', '-I', ...entry, '-t', '100', '-u', 'SEEN_REPLY');
    await watcher.has('it', (rows) => rows.length === 1 && rows[0]!.tupleOrig?.tupleProto?.protoSrcPort === 1000);
    namespace().run('conntrack', '-U', ...entry, '-m', '7');
    await watcher.has('its mark', (rows) => rows[0]?.mark === 7);
    // An update event carries only the changed attributes.
    expect(watcher.entries![0]!.status).to.be.a('number');
    namespace().run('conntrack', '-D', ...entry);
    await watcher.has('none', (rows) => rows.length === 0);
  });

  it('ignore the events of other namespaces', async () => {
    const client = open(rtLink);
    client.socket.setOption('listenAllNsid', true);
    const watcher = watch(client.watch('getlink'));
    const before = await watcher.has('being in sync');
    const neighbour = open(rtRoute);
    neighbour.socket.setOption('listenAllNsid', true);
    const routes = watch(neighbour.watch('getroute'));
    await routes.has('being in sync');
    const name = `rxnl-other-${String(process.pid)}`;
    try {
      namespace().run('ip', 'netns', 'add', name);
      namespace().run('ip', 'netns', 'set', name, 'auto');
      namespace().run('ip', '-n', name, 'link', 'add', 'far0', 'type', 'bridge');
      await pause(200);
      expect((await watcher.has('being in sync')).map(({ ifname }) => ifname)).to.deep.equal(before.map(({ ifname }) => ifname));
      expect(routes.reasons, 'readings').to.deep.equal(['initial']);
    } finally {
      namespace().run('ip', 'netns', 'delete', name);
    }
  });

  it('throw for sockets with noEnobufs, tables without events, and requests that cannot be compared with events', async () => {
    const client = open(rtLink);
    client.socket.setOption('noEnobufs', true);
    const watcher = watch(client.watch('getlink'));
    await pause(50);
    expect(watcher.error)
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.matches(/noEnobufs/);
    // @ts-expect-error the compiler refuses it as well
    expect(() => client.watch('getstats')).to.throw(TypeError, 'counters');
    expect(() => open(rtRule).watch('getrule', { fwmark: 3 })).to.throw(TypeError, 'getrule: cannot watch by fwmark; expected family');
    expect(() => open(rtNeigh).watch('getneigh', { ndmFlags: 8 })).to.throw(TypeError, 'proxies');
  });

  it('close their socket with their last subscriber, and open it again', async () => {
    const client = open(rtLink);
    const first = watch(client.watch('getlink'));
    const second = watch(client.watch('getlink'));
    await second.has('being in sync');
    expect(second.changes).to.have.lengthOf(1);
    first.stop();
    await pause();
    expect(second.entries).to.be.an('array');
    second.stop();
    await pause();
    expect(client.socket.isOpen).to.equal(false);
    namespace().ip('link set v0 alias again');
    const third = watch(client.watch('getlink'));
    await third.has('what has changed meanwhile', (links) => links.some(({ ifalias }) => ifalias === 'again'));
    expect(third.reasons).to.deep.equal(['initial']);
  });
});
