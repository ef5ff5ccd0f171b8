import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { rtNeigh, type GetneighReply } from '../../../lib/families/rt-neigh.js';
import { createNamespace, skipBecause, useNamespace } from '../../support/namespace.js';
import { useWatchers, type Watcher } from './watcher.js';

const BRIDGE = 7;

/** A row of `bridge -j fdb`. */
interface ShownEntry {
  readonly mac: string;
  readonly ifname: string;
  readonly master?: string;
  readonly dst?: string;
  readonly vlan?: number;
  readonly vni?: number;
  readonly src_vni?: number;
  readonly port?: number;
  readonly viaIf?: string;
  readonly nhid?: number;
}

/** Returns one entry as a line of text. */
const line = (...parts: readonly unknown[]): string => parts.map((part) => String(part ?? '-')).join(' ');

describe('a live collection of forwarding entries', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: ReturnType<typeof rtNeigh>;
  let watcher: Watcher<GetneighReply>;

  const run = (text: string) => namespace().run(...(text.split(' ') as [string, ...string[]]));
  const fdb = (text: string) => run(`bridge fdb ${text}`);
  const names = (): Map<number, string> => {
    const links = JSON.parse(namespace().ip('-j link')) as { ifindex: number; ifname: string }[];
    return new Map(links.map(({ ifindex, ifname }) => [ifindex, ifname]));
  };
  /** Returns the rows of `bridge`, except the addresses that devices list as their own. */
  const shown = (): string[] =>
    (JSON.parse(run('bridge -j fdb')) as ShownEntry[])
      .filter(({ master, dst, nhid }) => master !== undefined || dst !== undefined || nhid !== undefined)
      .map((row) => line(row.mac, row.ifname, row.master, row.vlan, row.dst, row.vni, row.src_vni, row.port, row.viaIf, row.nhid))
      .sort();
  const held = (entries: readonly GetneighReply[]): string[] => {
    const name = names();
    const of = (index: number | undefined) => (index === undefined ? undefined : name.get(index));
    return entries
      .map(({ lladdr, ndmIfindex, master, vlan, dst, vni, srcVni, port, ifindex, nhId }) =>
        line(lladdr, of(ndmIfindex), of(master), vlan, dst, vni, srcVni, port, of(ifindex), nhId),
      )
      .sort();
  };
  /** Waits until the collection equals the output of `bridge`; the error names the entries that differ. */
  const agree = async (after: string): Promise<void> => {
    // Run again each time, because a bridge learns whenever a frame passes.
    let wanted: string[] = [];
    await watcher.has(`agreement after ${after}`, (entries) => isDeepStrictEqual(held(entries), (wanted = shown()))).catch(() => 0);
    expect(held(watcher.entries ?? []), after).to.deep.equal(wanted);
  };

  before(() => {
    namespace().batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 192.0.2.1/24 dev v0',
      'link add br0 type bridge',
      'link add vx0 type vxlan id 7 dstport 4789 local 192.0.2.1 dev v0',
      'link add vx1 type vxlan external dstport 4790 local 192.0.2.1',
      'link add vx2 type vxlan id 9 dstport 4791 local 192.0.2.1 nolearning',
      'link set vx2 master br0',
      'link set v1 master br0',
      ...['br0', 'vx0', 'vx1', 'vx2'].map((name) => `link set ${name} up`),
      'nexthop add id 1 via 192.0.2.7 fdb',
      'nexthop add id 2 via 192.0.2.8 fdb',
      'nexthop add id 10 group 1/2 fdb',
    ]);
  });
  beforeEach(() => {
    client = rtNeigh({ netns: namespace().path });
    watcher = watch(client.watch('getneigh', { ndmFamily: BRIDGE }));
  });
  afterEach(() => {
    client.close();
  });

  it('equals the output of bridge after each change of a VXLAN device', async () => {
    await agree('the beginning');
    for (const step of [
      'add 02:00:00:00:00:01 dev vx0 dst 192.0.2.11',
      'add 02:00:00:00:00:02 dev vx0 dst 192.0.2.21',
      // The kernel sends no event for the removed peer.
      'replace 02:00:00:00:00:02 dev vx0 dst 192.0.2.22 port 5000 vni 99 via v0',
      'append 00:00:00:00:00:00 dev vx0 dst 192.0.2.50',
      'append 00:00:00:00:00:00 dev vx0 dst 192.0.2.51',
      'append 00:00:00:00:00:00 dev vx0 dst 192.0.2.51 vni 8 via v0',
      'append 01:00:5e:00:00:05 dev vx0 dst 192.0.2.52',
      'append 01:00:5e:00:00:05 dev vx0 dst 192.0.2.53',
      'del 00:00:00:00:00:00 dev vx0 dst 192.0.2.51',
      'del 02:00:00:00:00:01 dev vx0 dst 192.0.2.11',
      // The same address in two networks
      'add 02:00:00:00:00:03 dev vx1 dst 192.0.2.31 src_vni 100 vni 200',
      'add 02:00:00:00:00:03 dev vx1 dst 192.0.2.31 src_vni 101 vni 200',
      'del 02:00:00:00:00:03 dev vx1 dst 192.0.2.31 src_vni 100 vni 200',
      'add 02:00:00:00:00:04 dev vx0 nhid 10',
      'append 02:00:00:00:00:06 dev vx2 dst 192.0.2.61 self dynamic',
      'replace 02:00:00:00:00:06 dev vx2 dst 192.0.2.62 self dynamic',
    ]) {
      fdb(step);
      await agree(step);
    }
    expect(watcher.reasons, 'readings').to.deep.equal(['initial']);
  });

  it('loses the entries that a flush removes', async function () {
    fdb('append 02:00:00:00:00:07 dev vx2 dst 192.0.2.63 self dynamic');
    await agree('append');
    try {
      fdb('flush dev vx2');
    } catch (error) {
      // EINVAL before Linux 5.19, EOPNOTSUPP before 6.7: until then only bridges delete in bulk.
      if (!/invalid address|Operation not supported/.test(String(error))) throw error;
      skipBecause(this, 'this kernel does not delete the forwarding entries of a VXLAN device in bulk (NLM_F_BULK)', error);
    }
    await agree('flush');
  });

  it('removes the VXLAN entries of a nexthop group with the group, without events of the kernel', async () => {
    fdb('replace 02:00:00:00:00:04 dev vx0 nhid 10');
    await agree('add');
    namespace().ip('nexthop del id 10');
    await agree('nexthop del');
    expect(watcher.entries?.some(({ nhId }) => nhId !== undefined)).to.equal(false);
  });

  it('equals the output of bridge after each change of a bridge, by port', async () => {
    for (const step of [
      'add 02:00:00:00:01:01 dev v1 master static',
      'replace 02:00:00:00:01:01 dev vx2 master static',
      'add 02:00:00:00:01:02 dev vx2 dst 192.0.2.71 self master static',
      'del 02:00:00:00:01:01 dev vx2 master',
    ]) {
      fdb(step);
      await agree(step);
    }
  });

  it('equals the output of bridge after each change of a bridge, by VLAN', async function () {
    try {
      namespace().ip('link set br0 type bridge vlan_filtering 1');
    } catch (error) {
      skipBecause(this, "this kernel's bridges have no VLANs", error);
    }
    for (const port of ['v1', 'vx2']) run(`bridge vlan add vid 5 dev ${port}`);
    for (const step of [
      'add 02:00:00:00:01:03 dev v1 master static vlan 1',
      'add 02:00:00:00:01:03 dev v1 master static vlan 5',
      'replace 02:00:00:00:01:03 dev vx2 master static vlan 5',
      'del 02:00:00:00:01:03 dev v1 master vlan 1',
    ]) {
      fdb(step);
      await agree(step);
    }
  });

  it('removes and adds VXLAN entries when their link moves to another namespace and back, and removes them with the link', async () => {
    fdb('append 02:00:00:00:00:07 dev vx0 dst 192.0.2.53');
    await agree('append');
    const other = createNamespace();
    try {
      namespace().ip(`link set vx0 netns ${other.path}`);
      await agree('moving away');
      expect(watcher.entries?.some(({ dst }) => dst === '192.0.2.53')).to.equal(false);
      other.ip(`link set vx0 netns ${namespace().path}`);
      await agree('coming back');
      expect(watcher.entries?.some(({ dst }) => dst === '192.0.2.53')).to.equal(true);
    } finally {
      other.delete();
    }
    namespace().ip('link set vx2 nomaster');
    await agree('nomaster');
    namespace().ip('link del vx2');
    await agree('link del');
  });
});
