import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { ClsFlags, tc, type TcFamily } from '../../../lib/families/tc.js';
import { KernelError, Unknown, type FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Fields, type Shown } from './compare.js';
import type { LinkNames } from './link-fields.js';
import { linkNames } from './names.js';

type Qdisc = TcFamily['dump']['getqdisc']['reply'];
type Class = TcFamily['dump']['gettclass']['reply'];
type Filter = TcFamily['dump']['gettfilter']['reply'];
type HtbParms = NonNullable<Extract<Class, { kind: 'htb' }>['options']>['parms'];

// uapi/linux/pkt_sched.h: TC_H_ROOT, TC_H_CLSACT and its two blocks
const ROOT = 0xffffffff;
const CLSACT = 0xfffffff1;
const INGRESS = 0xfffffff2;
const EGRESS = 0xfffffff3;
const ETH_P_IP = 0x0800;
const ETH_P_ALL = 0x0003;
/** A packet scheduler's tick is 64 ns (/proc/net/psched): a burst is kept as the time that it takes at the rate. */
const TICK = 64e-9;

const handleText = (handle: number) => {
  const [major, minor] = [handle >>> 16, handle & 0xffff].map((part) => part.toString(16));
  return `${major!}:${minor === '0' ? '' : minor!}`;
};
/** tcm_info of a filter: its priority, and its protocol in network order. */
const info = (priority: number, protocol: number) => ((priority << 16) | ((protocol >> 8) & 0xff) | ((protocol & 0xff) << 8)) >>> 0;
const protocolOf = (word: number) => ((word & 0xff) << 8) | ((word >> 8) & 0xff);
const bytesAt = (rate: number, ticks: number) => Math.round(rate * ticks * TICK);

const counters: Fields<Qdisc | Class> = {
  bytes: ({ stats2 }) => Number(stats2?.basic?.bytes),
  packets: ({ stats2 }) => stats2?.basic?.packets,
  drops: ({ stats2 }) => stats2?.queue?.drops,
  overlimits: ({ stats2 }) => stats2?.queue?.overlimits,
  requeues: ({ stats2 }) => stats2?.queue?.requeues,
  backlog: ({ stats2 }) => stats2?.queue?.backlog,
  qlen: ({ stats2 }) => stats2?.queue?.qlen,
};

const qdisc: Fields<Qdisc> = {
  ...counters,
  kind: ({ kind }) => kind,
  handle: ({ handle }) => handleText(handle),
  root: ({ parent }) => parent === ROOT,
  parent: ({ parent }) => handleText(parent),
  refcnt: ({ info: references }) => references,
  options: (row) => qdiscOptions(row),
};

function qdiscOptions(row: Qdisc): unknown {
  if (row.kind === 'htb') {
    const { init, directQlen } = row.options!;
    const { version, rate2quantum, defcls, directPkts } = init!;
    return {
      r2q: rate2quantum,
      default: `0x${defcls.toString(16)}`,
      direct_packets_stat: directPkts,
      ver: `${String(version >> 16)}.${String(version & 0xffff)}`,
      direct_qlen: directQlen,
    };
  }
  if (row.kind !== 'tbf') return row.options;
  const { rate, peakrate, buffer, mtu, limit } = row.options!.parms!;
  const peak = bytesAt(peakrate.rate, mtu);
  const burst = bytesAt(rate.rate, buffer);
  return {
    rate: rate.rate,
    burst: burst % 1024 === 0 ? `${String(burst / 1024)}Kb/1` : `${String(burst)}b/1`,
    mpu: rate.mpu,
    mtu: `${String(peak)}b/1`,
    // What the queue holds beyond the buckets, at the slower of the rates: microseconds.
    lat: Math.max(
      ...[
        [rate.rate, burst],
        [peakrate.rate, peak],
      ].map(([speed, held]) => Math.floor(((limit - held!) * 1e6) / speed!)),
    ),
    linklayer: 'ethernet',
  };
}

const htbParms = (row: Class): NonNullable<HtbParms> => (row as Extract<Class, { kind: 'htb' }>).options!.parms!;
const trafficClass: Fields<Class> = {
  class: ({ kind }) => kind,
  handle: ({ handle }) => handleText(handle),
  root: ({ parent }) => parent === ROOT,
  parent: ({ parent }) => handleText(parent),
  leaf: ({ info: leaf }) => `0x${(leaf >>> 16).toString(16)}`,
  prio: (row) => htbParms(row).prio,
  quantum: (row) => htbParms(row).quantum,
  rate: (row) => htbParms(row).rate.rate,
  ceil: (row) => htbParms(row).ceil.rate,
  overhead: (row) => htbParms(row).rate.overhead,
  linklayer: (row) => (htbParms(row).rate.linklayer === 1 ? 'ethernet' : undefined),
  burst: (row) => bytesAt(htbParms(row).rate.rate, htbParms(row).buffer),
  cburst: (row) => bytesAt(htbParms(row).ceil.rate, htbParms(row).cbuffer),
  burst_cell: (row) => 1 << htbParms(row).rate.cellLog,
  cburst_cell: (row) => 1 << htbParms(row).ceil.cellLog,
  mpu_rate: (row) => htbParms(row).rate.mpu,
  mpu_ceil: (row) => htbParms(row).ceil.mpu,
  level: (row) => htbParms(row).level,
  stats: (row, shown) => {
    const { lended: _lended, borrowed: _borrowed, giants: _giants, tokens: _tokens, ctokens: _ctokens, ...common } = shown as Shown;
    compareFields('stats', common, row, counters);
    return { ...common, ...htbCounters(row) };
  },
};

function htbCounters(row: Class): object {
  if (row.kind !== 'htb' || row.xstats === undefined) return {};
  const { lends, borrows, giants, tokens, ctokens } = row.xstats;
  return { lended: lends, borrowed: borrows, giants, tokens, ctokens };
}

const filter: Fields<Filter> = {
  parent: ({ parent }) => handleText(parent),
  protocol: ({ info: word }) => ({ [ETH_P_IP]: 'ip', [ETH_P_ALL]: 'all' })[protocolOf(word)],
  pref: ({ info: word }) => word >>> 16,
  kind: ({ kind }) => kind,
  chain: ({ chain }) => chain,
  options: (row) => filterOptions(row),
};

function filterOptions(row: Filter): unknown {
  if (row.kind === 'bpf') {
    const { ops, opsLen, flags, flagsGen } = row.options!;
    const view = new DataView(ops!.buffer, ops!.byteOffset, ops!.byteLength);
    const insns = Array.from({ length: opsLen! }, (_, index) => ({
      code: view.getUint16(index * 8, true),
      jt: view.getUint8(index * 8 + 2),
      jf: view.getUint8(index * 8 + 3),
      k: view.getUint32(index * 8 + 4, true),
    }));
    return {
      handle: `0x${row.handle.toString(16)}`,
      ...(flags! & 1 ? { 'direct-action': true } : {}),
      ...(flagsGen! & ClsFlags.NotInNw ? { not_in_hw: true } : {}),
      bytecode: { length: opsLen, insns },
    };
  }
  const { divisor, sel, classid, flags } = (row as Extract<Filter, { kind: 'u32' }>).options!;
  const [table, bucket, node] = [row.handle >>> 20, (row.handle >>> 12) & 0xff, row.handle & 0xfff];
  const fh = `${table.toString(16)}:${bucket === 0 ? '' : bucket.toString(16)}${node === 0 ? '' : `:${node.toString(16)}`}`;
  if (divisor !== undefined) return { fh, ht_divisor: divisor };
  return {
    fh,
    order: node,
    key_ht: table.toString(16),
    bkt: bucket.toString(16),
    ...(classid === undefined ? {} : { flowid: handleText(classid) }),
    ...(flags! & ClsFlags.NotInNw ? { not_in_hw: true } : {}),
    ...Object.fromEntries(
      sel!.keys.map(({ val, mask, off }, index) => [
        `match${String(index)}`,
        { value: val.toString(16), mask: mask.toString(16), offmask: '', off },
      ]),
    ),
  };
}

describe('traffic control', () => {
  const namespace = useNamespace();
  let client: FamilyClient<TcFamily>;
  let names: LinkNames;

  const run = (line: string) => namespace().run('tc', ...line.split(' '));
  /** u32 filters are shown with several keys of one name; they get numbers here. */
  const shown = (line: string) => {
    let count = 0;
    return JSON.parse(run(`-j -d -s ${line}`).replaceAll('"match":', () => `"match${String(count++)}":`)) as Shown[];
  };
  const v = (name: string) => names.indexOf(name);

  before(async () => {
    namespace().batch([
      ...['link add v0 type veth peer v1', 'link add v2 type veth peer v3', 'link set v0 addrgenmode none', 'link set v1 addrgenmode none'],
      ...['link set v0 up', 'link set v1 up', 'addr add 10.1.0.1/24 dev v0', 'neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev v0'],
    ]);
    for (const line of [
      'qdisc add dev v0 root handle 1: htb default 30 r2q 20 direct_qlen 500',
      'class add dev v0 parent 1: classid 1:1 htb rate 100mbit ceil 200mbit burst 15k cburst 20k quantum 60000',
      'class add dev v0 parent 1:1 classid 1:30 htb rate 5mbit ceil 50mbit prio 3 quantum 2000 mpu 64 overhead 20',
      'class add dev v0 parent 1:1 classid 1:31 htb rate 8kbit quantum 1514',
      'qdisc add dev v0 parent 1:30 handle 30: tbf rate 1mbit burst 32kb latency 400ms peakrate 2mbit minburst 1540',
      'qdisc add dev v0 clsact',
      'filter add dev v0 parent 1: protocol ip prio 10 u32 match ip dst 10.1.0.0/24 match ip dport 80 0xffff flowid 1:31',
      'filter add dev v0 ingress prio 5 protocol all bpf da bytecode 1,6 0 0 4294967295',
    ]) {
      const words = line.split(' ');
      const program = words.indexOf('bytecode') + 1;
      namespace().run('tc', ...(program === 0 ? words : [...words.slice(0, program), words.slice(program).join(' ')]));
    }
    for (const port of [80, 80, 81]) namespace().run('bash', '-c', `echo counted >/dev/udp/10.1.0.9/${String(port)}`);
    names = await linkNames(namespace());
    client = tc({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });

  it('qdiscs are read as tc -s shows them', async () => {
    const rows = (await lastValueFrom(client.list('getqdisc'))).filter(({ ifindex }) => ifindex === v('v0'));
    const table = shown('qdisc show dev v0');
    expect(rows.map(({ handle }) => handleText(handle))).to.have.ordered.members(table.map(({ handle }) => handle));
    table.forEach((row, index) => {
      compareFields(String(row['kind']), row, rows[index]!, qdisc);
    });
    expect(table.map(({ kind }) => kind)).to.deep.equal(['htb', 'tbf', 'clsact']);
    expect(Number(rows[0]!.stats2?.basic?.bytes)).to.be.above(0);
    expect(rows.filter((row) => Unknown in row)).to.deep.equal([]);
  });

  it('classes are read as tc -s shows them', async () => {
    const rows = await lastValueFrom(client.list('gettclass', { ifindex: v('v0') }));
    const table = shown('class show dev v0');
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      const { stats, ...settings } = row;
      const htb = row['class'] === 'htb';
      compareFields(`class ${String(row['handle'])}`, htb ? row : settings, rows[index]!, trafficClass);
      if (!htb) expect(stats).to.deep.equal({});
    });
    expect(rows.filter((row) => Unknown in row)).to.deep.equal([]);
  });

  for (const [place, parent] of [
    ['parent 1:', 0x10000],
    ['ingress', INGRESS],
    ['egress', EGRESS],
  ] as const) {
    it(`filters at ${place} are read as tc shows them`, async () => {
      const rows = await lastValueFrom(client.list('gettfilter', { ifindex: v('v0'), parent }));
      const table = shown(`filter show dev v0 ${place}`);
      expect(rows.length).to.equal(table.length);
      table.forEach((row, index) => {
        compareFields(`filter ${String(index)}`, row, rows[index]!, filter);
      });
      expect(rows.length > 0).to.equal(place !== 'egress');
    });
  }

  it('qdiscs, classes and filters are written, and tc reads them back', async () => {
    const made = { create: true, exclusive: true };
    const ifindex = v('v2');
    const rate = (bytes: number) => ({ linklayer: 1, rate: bytes });
    const heard = firstValueFrom(client.notifications('rtnlgrp-tc').pipe(take(5), toArray()));
    await lastValueFrom(
      client.do(
        'newqdisc',
        { ifindex, parent: ROOT, handle: 0x20000, kind: 'htb', options: { init: { version: 3, rate2quantum: 10, defcls: 0x21 } } },
        made,
      ),
    );
    await lastValueFrom(
      client.do(
        'newtclass',
        {
          ifindex,
          parent: 0x20000,
          handle: 0x20021,
          kind: 'htb',
          options: { parms: { rate: rate(1_250_000), ceil: rate(2_500_000), buffer: 25_000, cbuffer: 12_500, quantum: 3000, prio: 2 } },
        },
        made,
      ),
    );
    await lastValueFrom(client.do('newqdisc', { ifindex, parent: CLSACT, handle: 0xffff0000, kind: 'clsact' }, made));
    await lastValueFrom(
      client.do(
        'newtfilter',
        {
          ifindex,
          parent: 0x20000,
          info: info(7, ETH_P_IP),
          kind: 'u32',
          options: { classid: 0x20021, sel: { flags: 1, nkeys: 1, keys: [{ mask: 0xffffff00, val: 0xc0000200, off: 12, offmask: 0 }] } },
        },
        made,
      ),
    );
    const ops = Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0);
    await lastValueFrom(
      client.do(
        'newtfilter',
        { ifindex, parent: EGRESS, info: info(3, ETH_P_ALL), kind: 'bpf', options: { ops, opsLen: 1, flags: 1 } },
        made,
      ),
    );

    expect(shown('qdisc show dev v2')[0]).to.deep.include({ kind: 'htb', handle: '2:', root: true });
    expect(shown('class show dev v2')[0]).to.deep.include({
      handle: '2:21',
      rate: 1_250_000,
      ceil: 2_500_000,
      burst: 2000,
      cburst: 2000,
      quantum: 3000,
      prio: 2,
    });
    expect((shown('filter show dev v2 parent 2:').at(-1)!['options'] as Shown)['match0']).to.deep.equal({
      value: 'c0000200',
      mask: 'ffffff00',
      offmask: '',
      off: 12,
    });
    expect((shown('filter show dev v2 egress').at(-1)!['options'] as Shown)['bytecode']).to.deep.equal({
      length: 1,
      insns: [{ code: 6, jt: 0, jf: 0, k: 0 }],
    });
    const told = (await heard).map(({ op, value }) => [op, 'ifindex' in value ? value.ifindex : undefined]);
    expect(told).to.deep.equal(
      ['newqdisc-ntf', 'newtclass-ntf', 'newqdisc-ntf', 'newchain-ntf', 'newtfilter-ntf'].map((op) => [op, ifindex]),
    );
    await lastValueFrom(client.do('delqdisc', { ifindex, parent: ROOT, handle: 0x20000 }));
    expect(shown('qdisc show dev v2').map(({ kind }) => kind)).to.not.include('htb');
  });

  it('a refused kind of qdisc is named', async () => {
    const error: unknown = await lastValueFrom(
      client.do('newqdisc', { ifindex: v('v2'), parent: ROOT, kind: 'no-such-qdisc' as 'htb' }, { create: true }),
    ).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(KernelError);
    expect((error as KernelError).message).to.match(/^E(INVAL|NOENT) newqdisc: .*qdisc/i);
  });
});
