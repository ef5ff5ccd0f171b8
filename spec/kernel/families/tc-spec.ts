import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { tc, type TcFamily } from '../../../lib/families/tc.js';
import { KernelError, Unknown, type FamilyClient } from '../../../lib/index.js';
import { host } from '../../support/host-order.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import type { LinkNames } from '../../families/compare/link-names.js';
import { linkNames } from './names.js';
import { CLSACT, EGRESS, ETH_P_ALL, ETH_P_IP, INGRESS, ROOT, info, qdisc, trafficClass } from '../../families/compare/tc-fields.js';
import { filterFields } from '../../families/compare/tc-filters.js';
import { handleText } from '../../families/compare/tc-words.js';

describe('tc', () => {
  const namespace = useNamespace();
  let client: FamilyClient<TcFamily>;
  let names: LinkNames;

  const run = (line: string) => namespace().run('tc', ...line.split(' '));
  /** Returns the rows that `tc` shows. A u32 filter repeats the name `match` for each key; the keys get numbers here. */
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

  it('reads qdiscs as tc -s shows them', async () => {
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

  it('reads classes as tc -s shows them', async () => {
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
    it(`reads filters at ${place} as tc shows them`, async () => {
      const rows = await lastValueFrom(client.list('gettfilter', { ifindex: v('v0'), parent }));
      const table = shown(`filter show dev v0 ${place}`);
      expect(rows.length).to.equal(table.length);
      table.forEach((row, index) => {
        compareFields(`filter ${String(index)}`, row, rows[index]!, filterFields(names));
      });
      expect(rows.length > 0).to.equal(place !== 'egress');
    });
  }

  it('writes qdiscs, classes and filters that tc reads back', async () => {
    const made = { create: true, exclusive: true };
    const ifindex = v('v2');
    const rate = (bytes: number) => ({ linklayer: 1, rate: bytes });
    const received = firstValueFrom(client.notifications('rtnlgrp-tc').pipe(take(5), toArray()));
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
    const ops = Uint8Array.of(...host(6, 0), 0, 0, 0, 0, 0, 0);
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
    const announced = (await received).map(({ op, value }) => [op, 'ifindex' in value ? value.ifindex : undefined]);
    expect(announced).to.deep.equal(
      ['newqdisc-ntf', 'newtclass-ntf', 'newqdisc-ntf', 'newchain-ntf', 'newtfilter-ntf'].map((op) => [op, ifindex]),
    );
    await lastValueFrom(client.do('delqdisc', { ifindex, parent: ROOT, handle: 0x20000 }));
    expect(shown('qdisc show dev v2').map(({ kind }) => kind)).to.not.include('htb');
  });

  it('names an unknown kind of qdisc in the error', async () => {
    const error: unknown = await lastValueFrom(
      client.do('newqdisc', { ifindex: v('v2'), parent: ROOT, kind: 'no-such-qdisc' as 'htb' }, { create: true }),
    ).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(KernelError);
    expect((error as KernelError).message).to.match(/^E(INVAL|NOENT) newqdisc: .*qdisc/i);
  });
});
