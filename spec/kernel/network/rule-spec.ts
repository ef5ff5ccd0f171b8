import { expect } from 'chai';
import type { RuleSpec } from '../../../lib/network/rules/rule.js';
import { useRoutes, type ShownRoute } from './routes.js';
import { skipBecause } from '../../support/unavailable.js';
import { countWrites, failure, one, shown } from './support.js';

/** Every property that can be written, with a value that is not its default, and what `ip -d -j rule` prints for it. */
const CASES: readonly (readonly [Omit<RuleSpec, 'priority'>, ShownRoute])[] = [
  [{ family: 4 }, { src: 'all', table: 'main', protocol: 'static' }],
  [
    { from: '10.0.0.5/24', table: 100 },
    { src: '10.0.0.5', srclen: 24, table: '100' },
  ],
  [{ from: '10.0.0.5' }, { src: '10.0.0.5' }],
  [
    { to: '10.2.0.0/16', not: true },
    { not: null, dst: '10.2.0.0', dstlen: 16 },
  ],
  [{ family: 4, iif: 'v0' }, { iif: 'v0' }],
  [
    { family: 4, oif: 'no-such-link' },
    { oif: 'no-such-link', oif_detached: null },
  ],
  [{ family: 4, mark: 5 }, { fwmark: '0x5' }],
  [
    { family: 4, mark: 5, mask: 7 },
    { fwmark: '0x5', fwmask: '0x7' },
  ],
  [{ family: 4, tos: 8 }, { tos: '0x08' }],
  [{ family: 4, dscp: 10 }, { dscp: 'AF11' }],
  [
    { family: 4, ipProtocol: 'tcp', ports: 80 },
    { ipproto: 'tcp', dport: 80 },
  ],
  [
    { family: 4, ipProtocol: 'udp', sourcePorts: [10, 20], ports: [5, 6] },
    { ipproto: 'udp', sport_start: 10, sport_end: 20, dport_start: 5, dport_end: 6 },
  ],
  [{ family: 4, ipProtocol: 103 }, { ipproto: 'pim' }],
  [
    { family: 4, uids: [1000, 1999] },
    { uid_start: 1000, uid_end: 1999 },
  ],
  [{ family: 4, tunnelId: 9 }, { tun_id: 9 }],
  [{ family: 4, table: 'default' }, { table: 'default' }],
  [{ family: 4, table: 100_000 }, { table: '100000' }],
  [{ family: 4, l3mdev: true }, { l3mdev: null }],
  [{ family: 4, action: 'blackhole' }, { action: 'blackhole' }],
  [{ family: 4, action: 'unreachable' }, { action: 'unreachable' }],
  [{ family: 4, action: 'prohibit' }, { action: 'prohibit' }],
  [{ family: 4, action: 'nop' }, { nop: null }],
  [{ family: 4, goto: 32_766 }, { goto: 32_766 }],
  [
    { family: 4, goto: 5000 },
    { goto: 5000, unresolved: null },
  ],
  [{ family: 4, suppressPrefixLength: 0 }, { suppress_prefixlen: 0 }],
  [
    { family: 4, suppressGroup: 7 },
    { suppress_prefixlen: undefined, suppress_ifgroup: '7' },
  ],
  [
    { family: 4, realms: 0x3_0004 },
    { flow_from: '3', flow_to: '4' },
  ],
  [{ family: 4, protocol: 'bgp' }, { protocol: 'bgp' }],
  [{ family: 6 }, { src: 'all', table: 'main' }],
  [
    { from: 'fd00::5/64', to: 'fd01::/64', table: 100 },
    { src: 'fd00::5', srclen: 64, dst: 'fd01::', dstlen: 64 },
  ],
  [{ family: 6, flowLabel: 0x12 }, { flowlabel: '0x12' }],
  [{ family: 6, mark: 5, mask: 7, tos: 16, uids: [0, 0] }, { fwmark: '0x5' }],
];

describe('network().rules', () => {
  const routes = useRoutes();
  const judge = (): readonly ShownRoute[] =>
    ['-4', '-6'].flatMap((family) =>
      shown<ShownRoute>(routes().namespace, `ip ${family} -d -j rule`).filter(({ protocol }) => protocol !== 'kernel'),
    );

  afterEach(async () => {
    const all = await one(routes().net.rules.list());
    const { failed } = await one(routes().net.rules.deleteMany(all.filter(({ protocol }) => protocol !== 'kernel')));
    expect(failed).to.deep.equal([]);
    expect(judge()).to.deep.equal([]);
  });

  for (const [fields, expected] of CASES) {
    it(`writes ${JSON.stringify(fields)} as ip reads it, and nothing the second time`, async () => {
      const { rules } = routes().net;
      const spec = { priority: 100, ...fields };
      const { object, changed } = await one(rules.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      const [before] = judge();
      expect(before).to.include({ priority: 100 });
      expect({ ...before, ...Object.fromEntries(Object.keys(expected).map((name) => [name, before![name]])) }).to.deep.include(expected);
      expect(await countWrites(() => one(rules.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(rules.ensure(object)))).to.equal(0);
      expect(await one(rules.get(object))).to.deep.equal(object);
      expect(await one(rules.get({ priority: 100 }))).to.deep.equal(object);
      expect(await one(rules.delete(object))).to.deep.equal(object);
      expect(judge()).to.deep.equal([]);
      await one(rules.add(object));
      expect(judge()[0]).to.deep.equal(before);
      expect(await one(rules.ensureAbsent(object))).to.equal(true);
      expect(await one(rules.ensureAbsent(object))).to.equal(false);
    });
  }

  it('reads the rules of the kernel, and writes none of them again', async () => {
    const { rules } = routes().net;
    const all = await one(rules.list({ family: 4 }));
    expect(all).to.deep.equal([
      { priority: 0, family: 4, action: 'lookup', table: 'local', protocol: 'kernel' },
      { priority: 32_766, family: 4, action: 'lookup', table: 'main', protocol: 'kernel' },
      { priority: 32_767, family: 4, action: 'lookup', table: 'default', protocol: 'kernel' },
    ]);
    const everything = await one(rules.list());
    expect(everything).to.have.length(5);
    expect(await countWrites(() => one(rules.ensureMany(everything)))).to.equal(0);
  });

  it('reads the masks and the words that ip wrote', async function () {
    const { namespace, net } = routes();
    namespace.ip('rule add sport 5/0xff0f dport 80 dscp 4/0x3c table 5 prio 9');
    if (judge()[0]!['sport_mask'] === undefined) skipBecause(this, 'rules of this kernel have no masks of ports');
    const found = await one(net.rules.get({ priority: 9 }));
    expect(found).to.deep.include({
      sourcePorts: 5,
      sourcePortMask: 0xff0f,
      ports: 80,
      dscp: 4,
      dscpMask: 0x3c,
      table: 5,
      protocol: 'unspec',
    });
    expect(found).to.not.have.property('portMask');
    await one(net.rules.delete(found));
    await one(net.rules.add(found));
    expect(judge()[0]).to.include({ sport_mask: '0xff0f', dscp_mask: '0x3c' });
  });

  it('takes a rule of any protocol for the same, unless a protocol is given', async () => {
    const { namespace, net } = routes();
    namespace.ip('rule add from 10.0.0.0/8 table 5 prio 9');
    expect(await countWrites(() => one(net.rules.ensure({ priority: 9, from: '10.0.0.0/8', table: 5 })))).to.equal(0);
    // The kernel accepts the same rule of another protocol, EXCL notwithstanding.
    await one(net.rules.ensure({ priority: 9, from: '10.0.0.0/8', table: 5, protocol: 'bgp' }));
    expect(judge().map(({ protocol }) => protocol)).to.deep.equal(['unspec', 'bgp']);
    await one(net.rules.delete({ priority: 9, protocol: 'bgp' }));
    expect(judge().map(({ protocol }) => protocol)).to.deep.equal(['unspec']);
  });

  it('deletes the rule of the key, and one of two that are equal', async () => {
    const { namespace, net } = routes();
    // The kernel takes a rule without a selector for one with it (EEXIST), but not the reverse.
    namespace.batch(['rule add table 6 prio 9', 'rule add from 10.0.0.0/8 table 5 prio 9', 'rule add from 10.0.0.0/8 table 6 prio 9']);
    const error = await failure(net.rules.delete({ priority: 9 }), 'ambiguous');
    expect(error.message).to.include('9 lookup 6, 9 from 10.0.0.0/8 lookup 5, 9 from 10.0.0.0/8 lookup 6; add a property to it');
    await one(net.rules.delete({ priority: 9, from: '10.0.0.0/8', table: 6 }));
    expect(judge().map(({ src, table }) => [src, table])).to.deep.equal([
      ['all', '6'],
      ['10.0.0.0', '5'],
    ]);
    expect((await one(net.rules.get({ priority: 9, from: null }))).table).to.equal(6);
    // An object is the key of exactly its own rule.
    const plain = (await one(net.rules.list({ table: 6 })))[0]!;
    namespace.ip('rule add iif v0 table 6 prio 9');
    await one(net.rules.delete(plain));
    expect(judge().map(({ src, iif, table }) => [src, iif, table])).to.deep.equal([
      ['10.0.0.0', undefined, '5'],
      ['all', 'v0', '6'],
    ]);
  });

  it('refuses to delete the rule that looks up the local table, which the kernel would do', async () => {
    const { rules } = routes().net;
    expect((await failure(rules.delete({ priority: 0, family: 4 }), 'denied')).message).to.include('network() does not delete it');
    const { failed } = await one(rules.deleteMany([{ priority: 0, family: 6 }]));
    expect(failed.map(({ error: { reason } }) => reason)).to.deep.equal(['denied']);
    expect(await one(rules.list({ priority: 0 }))).to.have.length(2);
  });

  it('filters and watches', async () => {
    const { namespace, net } = routes();
    namespace.ip('rule add from 10.0.0.0/8 table 5 prio 9');
    namespace.ip('-6 rule add iif v7 table 5 prio 10');
    const list = async (filter: Parameters<typeof net.rules.list>[0]) =>
      (await one(net.rules.list(filter))).map(({ priority }) => priority);
    expect(await list({ table: 5 })).to.deep.equal([9, 10]);
    expect(await list({ detached: true })).to.deep.equal([10]);
    expect(await list({ table: 5, from: null })).to.deep.equal([10]);
    const changes: string[] = [];
    const watching = net.rules.watch({ table: 5 }).subscribe((change) => {
      changes.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${change.value.priority}`);
    });
    await eventually(() => changes.length === 1);
    namespace.batch(['rule add from 10.0.0.0/8 table 5 prio 11', 'rule add from 10.0.0.0/8 table 6 prio 12', 'rule del prio 9']);
    await eventually(() => changes.length === 3);
    watching.unsubscribe();
    expect(changes).to.deep.equal(['synced 2', 'added 11', 'removed 9']);
  });

  it('names the rule and the remedy in each error', async () => {
    const { rules } = routes().net;
    await one(rules.add({ priority: 9, from: '10.0.0.0/8', table: 5 }));
    const texts = [
      [rules.add({ priority: 9, from: '10.0.0.0/8', table: 5 }), 'exists', 'cannot add rule 9 from 10.0.0.0/8 lookup 5'],
      [rules.add({ priority: 9, table: 5 }), 'invalid', 'family: is required for a rule without from and to; write 4 or 6'],
      [rules.add({ from: '10.0.0.0/8', table: 5 } as never), 'invalid', 'priority: is required'],
      [rules.add({ priority: 9, from: '10.0.0.0/8', to: 'fd00::/64' }), 'invalid', "to: expected an IPv4 address, not 'fd00::/64'"],
      [
        rules.add({ priority: 9, family: 4, goto: 8 }),
        'invalid',
        'goto: the priority of the next rule, 8, must be over that of the rule, 9',
      ],
      [rules.add({ priority: 9, family: 4, action: 'blackhole', table: 5 }), 'invalid', "table: needs action 'lookup'"],
      [rules.add({ priority: 9, family: 4, l3mdev: true, table: 5 }), 'invalid', 'table: the VRF determines the table'],
      [rules.add({ priority: 9, family: 4, mask: 7 }), 'invalid', 'mask: needs mark'],
      [rules.add({ priority: 9, family: 4, uids: [5, 4] }), 'invalid', 'uids: the first number, 5, is over the last one, 4'],
      [rules.add({ priority: 9, family: 4, table: 'mian' }), 'unknown-name', "table: no routing table is named 'mian'; did you mean main"],
      [rules.add({ priority: 9, family: 4, tos: 4, dscp: 1 }), 'invalid', 'tos: write either tos or dscp'],
      [rules.get({ priority: 77 }), 'missing', 'cannot get rule 77: it does not exist'],
      [rules.delete({ priority: 77, table: 5 }), 'missing', 'cannot delete rule 77 lookup 5: it does not exist'],
      [rules.change({ priority: 9 }, { table: 6 }), 'invalid', 'table: it identifies the rule; delete the rule and add another one'],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
  });
});

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
}
