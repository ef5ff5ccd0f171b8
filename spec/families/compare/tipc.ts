import { expect } from 'chai';
import { tipcSchema } from '../../../lib/families/generated/tipc.js';
import type { TipcFamily } from '../../../lib/families/tipc.js';
import type { FamilyComparer, Scene } from '../comparer.js';

type Dump = TipcFamily['dump'];
type Link = NonNullable<Dump['link-get']['reply']['link']>;
type Socket = NonNullable<Dump['sock-get']['reply']['sock']>;
type Published = NonNullable<Dump['publ-get']['reply']['publ']>;

/** Returns the rows of all requests of an operation. */
function rowsOf<Op extends keyof Dump>({ answers }: Scene, name: Op): Dump[Op]['reply'][] {
  return answers.flatMap(({ op, rows }) => (op === name ? (rows as unknown as Dump[Op]['reply'][]) : []));
}

const text = (value: number | undefined): string => String(value);
const hash = (addr: number | undefined): string => (addr ?? 0).toString(16);
/** Returns a number of a node as zone, cluster and node, which old versions had. */
const dotted = (addr: number): string => [addr >>> 24, (addr >>> 12) & 0xfff, addr & 0xfff].join('.');
/** The identities of the nodes, which tipc finds with ioctl(2), by their numbers: the bytes of the text. */
const NODES: Readonly<Record<string, string>> = { '6f6e6500': 'one', '74776f00': 'two' };

/** `tipc -j link stat show`. */
function statistics({ name, mtu, broadcast, up, active, prop, rx = 0, tx = 0, stats }: Link): object {
  const counters = stats!;
  const received = (info: number | undefined): object => ({
    'rx packets': info,
    fragments: counters.rxFragments,
    fragmented: counters.rxFragmented,
    bundles: counters.rxBundles,
    bundled: counters.rxBundled,
  });
  const sent = (info: number | undefined): object => ({
    'tx packets': info,
    fragments: counters.txFragments,
    fragmented: counters.txFragmented,
    bundles: counters.txBundles,
    bundled: counters.txBundled,
  });
  const end = { 'congestion link': counters.linkCongs, 'send queue max': counters.maxQueue, avg: counters.avgQueue };
  const missing = { naks: counters.rxNacks, defs: counters.rxDeferred, dups: counters.duplicates };
  const repeated = { naks: counters.txNacks, acks: counters.txAcks, retrans: counters.retransmitted };
  if (broadcast === true) {
    const { naks: rxNaks, ...rxRest } = missing;
    const { naks: txNaks, ...txRest } = repeated;
    return {
      link: name,
      window: prop!.win,
      'rx packets': received(counters.rxInfo),
      'tx packets': sent(counters.txInfo),
      'rx naks': { 'rx naks': rxNaks, ...rxRest },
      'tx naks': { 'tx naks': txNaks, ...txRest },
      ...end,
    };
  }
  const share = (count = 0): number => Math.floor((count * 100) / Math.max(1, counters.msgProfTot ?? 1));
  return {
    link: name,
    state: [up !== true ? 'DEFUNCT' : active === true ? 'ACTIVE' : 'STANDBY'],
    mtu,
    priority: prop!.prio,
    tolerance: prop!.tol,
    window: prop!.win,
    // The kernel counts from the number of the first packet.
    'rx packets': received(rx - (counters.rxInfo ?? 0)),
    'tx packets': sent(tx - (counters.txInfo ?? 0)),
    'tx profile sample': counters.msgLenCnt,
    'packets average': Math.floor((counters.msgLenTot ?? 0) / Math.max(1, counters.msgProfTot ?? 1)),
    '0-64': share(counters.msgLenP0),
    '-256': share(counters.msgLenP1),
    '-1024': share(counters.msgLenP2),
    '-4096': share(counters.msgLenP3),
    '-16384': share(counters.msgLenP4),
    '-32768': share(counters.msgLenP5),
    '-66000': share(counters.msgLenP6),
    'rx states': { 'rx states': counters.rxStates, probes: counters.rxProbes, ...missing },
    'tx states': { 'tx states': counters.txStates, probes: counters.txProbes, ...repeated },
    ...end,
  };
}

/** `tipc -j link monitor list`: for each bearer the nodes that it monitors. */
function monitored(scene: Scene): object[] {
  const bearers = rowsOf(scene, 'mon-get').map(({ mon }) => mon!);
  const lists = scene.answers.flatMap(({ op, rows }) =>
    op === 'mon-peer-get' ? [rows.map((row) => (row as Dump['mon-peer-get']['reply']).monPeer!)] : [],
  );
  return bearers.map(({ bearerName }, index) => ({
    bearer: bearerName,
    [bearerName!]: lists[index]!.map(({ addr, up, applied = 0, domgen = 0, upmap = 0n, head, local, members = [] }) => ({
      node: dotted(addr!),
      status: up === true ? 'up' : 'down',
      monitored: head === true || local === true || bearers[index]!.active !== true ? 'direct' : 'indirect',
      generation: domgen,
      ...(applied === 0
        ? {}
        : {
            applied_node_status: members.slice(0, applied).map((_, bit) => (((upmap >> BigInt(bit)) & 1n) === 1n ? 'U' : 'D')),
            '[non_applied_node:status]': members.slice(applied),
          }),
    })),
  }));
}

/** `tipc socket list`: tipc asks for the names of each socket that has published any. */
function sockets(scene: Scene): object[] {
  const names = scene.answers.flatMap(({ op, request, rows }) =>
    op === 'publ-get' ? [[(request['sock'] as Socket).ref, rows.map((row) => (row as { readonly publ: Published }).publ)] as const] : [],
  );
  const published = new Map(names);
  return rowsOf(scene, 'sock-get').map(({ sock }) => {
    const { ref, con } = sock!;
    return {
      port: ref,
      connections: con === undefined ? [] : [[con.node, con.sock, ...(con.flag === true ? [con.type, con.inst] : [])]],
      names: (published.get(ref) ?? []).map(({ type, lower, upper }) => [type, lower, upper]),
    };
  });
}

/** Address and port of a struct sockaddr_in. */
function endpoint(sockaddr: Uint8Array): { readonly address: string; readonly port: string } {
  const bytes = Buffer.from(sockaddr);
  expect(bytes.readUInt16LE(0), 'address family').to.equal(2);
  return { address: [...bytes.subarray(4, 8)].join('.'), port: text(bytes.readUInt16BE(2)) };
}

/** The output of tipc for each command. */
const TABLES: Readonly<Record<string, (scene: Scene) => unknown>> = {
  'link list': (scene) => rowsOf(scene, 'link-get').map(({ link }) => [link!.name, link!.up === true ? 'up' : 'down']),
  'link stat show': (scene) => rowsOf(scene, 'link-get').map(({ link }) => statistics(link!)),
  'nametable show': (scene) => {
    return rowsOf(scene, 'name-table-get').map(({ nameTable }) => {
      const { type, lower, upper, scope, ref, node } = nameTable!.publ!;
      return { type, lower, upper, scope: ['', 'zone', 'cluster', 'node'][scope!], port: ref, node: NODES[hash(node)] };
    });
  },
  'socket list': sockets,
  'node list': (scene) =>
    rowsOf(scene, 'node-get').map(({ node }) => [NODES[hash(node!.addr)], hash(node!.addr), node!.up === true ? 'up' : 'down']),
  'node get identity': (scene) =>
    rowsOf(scene, 'net-get').map(({ net }) => {
      const bytes = Buffer.alloc(16);
      bytes.writeBigUInt64LE(net!.nodeid!, 0);
      bytes.writeBigUInt64LE(net!.nodeidW1!, 8);
      const name = bytes.toString().replace(/\0+$/, '');
      return [name, Object.keys(NODES).find((each) => NODES[each] === name)];
    }),
  'node get clusterid': (scene) => rowsOf(scene, 'net-get').map(({ net }) => text(net!.id)),
  'bearer list': (scene) => rowsOf(scene, 'bearer-get').map(({ bearer }) => bearer!.name),
  'bearer get priority': (scene) => rowsOf(scene, 'bearer-get').map(({ bearer }) => text(bearer!.prop!.prio)),
  'bearer get tolerance': (scene) => rowsOf(scene, 'bearer-get').map(({ bearer }) => text(bearer!.prop!.tol)),
  'bearer get window': (scene) => rowsOf(scene, 'bearer-get').map(({ bearer }) => text(bearer!.prop!.win)),
  'bearer get mtu': (scene) => rowsOf(scene, 'bearer-get').map(({ bearer }) => text(bearer!.prop!.mtu)),
  'bearer get media udp name u1 localip': (scene) =>
    rowsOf(scene, 'bearer-get').map(({ bearer }) => endpoint(bearer!.udpOpts!.local!).address),
  'bearer get media udp name u1 localport': (scene) =>
    rowsOf(scene, 'bearer-get').map(({ bearer }) => endpoint(bearer!.udpOpts!.local!).port),
  'bearer get media udp name u1 remoteip': (scene) => rowsOf(scene, 'udp-get-remoteip').map(({ remote }) => endpoint(remote!).address),
  'link get priority': (scene) => rowsOf(scene, 'link-get').map(({ link }) => text(link!.prop!.prio)),
  'link get broadcast': (scene) =>
    rowsOf(scene, 'link-get').flatMap(({ link }) => [
      (link!.prop!.broadcast! & 4) !== 0 ? 'AUTOSELECT' : 'other',
      `ratio:${text(link!.prop!.broadcastRatio)}`,
    ]),
  'media list': (scene) => rowsOf(scene, 'media-get').map(({ media }) => media!.name),
  'media get window': (scene) => rowsOf(scene, 'media-get').map(({ media }) => text(media!.prop!.win)),
  'link monitor summary': (scene) =>
    rowsOf(scene, 'mon-get').map(({ mon }) => ({
      bearer: mon!.bearerName,
      table_generation: mon!.listgen,
      cluster_size: mon!.peercnt,
      algorithm: mon!.active === true ? 'overlapping-ring' : 'full-mesh',
    })),
  'link monitor list': monitored,
  'link monitor get threshold': (scene) => rowsOf(scene, 'mon-get').map(({ mon }) => text(mon!.activationThreshold)),
};

export const comparer: FamilyComparer = {
  schema: tipcSchema,
  compare(scene) {
    const words = scene.command.replace(/^.* tipc (-j )?/, '');
    const table = Object.entries(TABLES).find(([name]) => words.startsWith(name))?.[1];
    if (table === undefined) throw new Error(`${words}: no table for this command`);
    expect(table(scene)).to.deep.equal(scene.shown);
  },
};
