import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { rtRule, type RtRuleFamily } from '../../../lib/families/rt-rule.js';
import type { FamilyClient } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { compareFields, type Shown } from '../../families/compare/fields.js';
import { ruleFields } from '../../families/compare/rt-rule.js';
import { json } from './names.js';

const INET = 2;
const INET6 = 10;
const LINES = [
  'rule add from 10.1.0.0/16 to 10.50.0.0/24 iif v0 fwmark 0x10/0xff table 300 priority 900 suppress_prefixlength 8 ipproto tcp sport 100-200 dport 80',
  'rule add unreachable to 10.99.0.0/16 pref 902',
  'rule add goto 902 pref 800 uidrange 0-0',
  'rule add nop pref 700',
  'rule add not from 192.0.2.4 table 20 pref 701',
  'rule add prohibit iif absent0 pref 703',
  '-6 rule add from fd00::/16 oif v1 lookup 300 pref 901 tos 4',
  '-6 rule add to fd00:1:2:3:4:5:6:7 blackhole pref 904',
];

describe('rtRule', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtRuleFamily>;

  before(() => {
    namespace().batch(['link add v0 type veth peer v1']);
    for (const line of LINES) namespace().ip(line);
    client = rtRule({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client.close();
  });

  for (const [family, option] of [
    [INET, '-4'],
    [INET6, '-6'],
  ] as const) {
    it(`reads rules as ip ${option} shows them`, async () => {
      const rows = await lastValueFrom(client.list('getrule', { family }));
      const shown = json<Shown>(namespace(), `ip ${option} -j -d rule`);
      // The kernel keeps rules in order and dumps them in that order.
      expect(rows.length).to.equal(shown.length);
      shown.forEach((row, index) => {
        compareFields(`rule ${String(row['priority'])}`, row, rows[index]!, ruleFields);
      });
    });
  }

  it('writes rules that ip reads back', async () => {
    await lastValueFrom(
      client.do(
        'newrule',
        {
          family: INET,
          srcLen: 24,
          src: '198.51.100.0',
          dstLen: 32,
          dst: '203.0.113.7',
          action: 'to-tbl',
          table: 777,
          priority: 50,
          fwmark: 5,
          fwmask: 15,
          ipProto: 17,
          dportRange: { start: 53, end: 54 },
        },
        { create: true, exclusive: true },
      ),
    );
    await lastValueFrom(
      client.do(
        'newrule',
        { family: INET6, srcLen: 32, src: 'fd12:3456::', action: 'blackhole', priority: 51 },
        { create: true, exclusive: true },
      ),
    );
    expect(json(namespace(), 'ip -j rule show pref 50')).to.deep.equal([
      {
        priority: 50,
        src: '198.51.100.0',
        srclen: 24,
        dst: '203.0.113.7',
        fwmark: '0x5',
        fwmask: '0xf',
        ipproto: 'udp',
        dport_start: 53,
        dport_end: 54,
        table: '777',
      },
    ]);
    expect(json(namespace(), 'ip -6 -j rule show pref 51')).to.deep.equal([
      { priority: 51, src: 'fd12:3456::', srclen: 32, action: 'blackhole' },
    ]);
    await lastValueFrom(client.do('delrule', { family: INET, priority: 50 }));
    expect(json(namespace(), 'ip -j rule show pref 50')).to.deep.equal([]);
  });

  it('receives a notification when a rule is added or deleted', async () => {
    const received = firstValueFrom(client.notifications('rtnlgrp-ipv4-rule', 'rtnlgrp-ipv6-rule').pipe(take(3), toArray()));
    namespace().ip('rule add pref 60 table 61');
    namespace().ip('rule del pref 60');
    namespace().ip('-6 rule add pref 62 from fd00:62::/32 table 63');
    expect((await received).map(({ op, value: { family, priority, table, src } }) => ({ op, family, priority, table, src }))).to.deep.equal(
      [
        { op: 'newrule-ntf', family: INET, priority: 60, table: 61, src: undefined },
        { op: 'delrule-ntf', family: INET, priority: 60, table: 61, src: undefined },
        { op: 'newrule-ntf', family: INET6, priority: 62, table: 63, src: 'fd00:62::' },
      ],
    );
  });
});
