import { expect } from 'chai';
import type { ClassSpec } from '../../../../lib/network/classes/traffic-class.js';
import { countWrites, failure, one, shown } from '../support.js';
import { useTraffic, type ShownTraffic } from './judge.js';

/** Classes, and the words with which `tc` writes the same ones; each option has a value that is not its default. */
const CASES: readonly (readonly [spec: ClassSpec, line: string])[] = [
  [{ link: 'v0', handle: '1:10', kind: 'htb', htb: { rate: '8mbit' } }, 'parent 1: classid 1:10 htb rate 8mbit'],
  [
    { link: 'v0', handle: '1:10', parent: '1:', kind: 'htb', htb: { rate: '8mbit', ceil: '10mbit', burst: '15kib', cburst: '20kib' } },
    'parent 1: classid 1:10 htb rate 8mbit ceil 10mbit burst 15k cburst 20k',
  ],
  [
    { link: 'v0', handle: '1:abc', parent: '1:1', kind: 'htb', htb: { rate: '2400kbit', priority: 3, quantum: 2000 } },
    'parent 1:1 classid 1:abc htb rate 2400kbit prio 3 quantum 2000',
  ],
  [
    { link: 'v0', handle: '1:10', kind: 'htb', htb: { rate: '8mbit', overhead: 20, mpu: 64, linkLayer: 'atm' } },
    'parent 1: classid 1:10 htb rate 8mbit overhead 20 mpu 64 linklayer atm',
  ],
  [
    { link: 'v0', handle: '1:10', kind: 'htb', htb: { rate: '40gbit', ceil: '50gbit', quantum: 9000 } },
    'parent 1: classid 1:10 htb rate 40gbit ceil 50gbit quantum 9000',
  ],
];

describe('network().classes', () => {
  const traffic = useTraffic();

  beforeEach(() => {
    traffic().tc('qdisc add dev v0 root handle 1: htb');
    traffic().tc('class add dev v0 parent 1: classid 1:1 htb rate 100mbit');
  });
  const judge = (): readonly ShownTraffic[] =>
    shown<ShownTraffic>(traffic().namespace, 'tc -j -d class show dev v0').filter(({ handle }) => handle !== '1:1');

  for (const [spec, line] of CASES) {
    it(`writes ${JSON.stringify(spec)} as tc does, and nothing the second time`, async () => {
      const { net, tc } = traffic();
      const key = { link: 'v0', handle: spec.handle } as const;
      tc(`class add dev v0 ${line}`);
      const expected = judge();
      const written = await one(net.classes.get(key));
      expect(await countWrites(async () => expect((await one(net.classes.ensure(spec))).changed).to.deep.equal([]))).to.equal(0);
      await one(net.classes.delete(key));
      expect(judge()).to.deep.equal([]);
      const { object, changed } = await one(net.classes.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      expect(judge()).to.deep.equal(expected);
      expect(object).to.deep.equal(written);
      for (const same of [spec, object]) expect(await countWrites(() => one(net.classes.ensure(same)))).to.equal(0);
      expect(await one(net.classes.ensureAbsent(object))).to.equal(true);
      expect(await one(net.classes.ensureAbsent(object))).to.equal(false);
      expect(await one(net.classes.add(object))).to.deep.equal(object);
      expect(judge()).to.deep.equal(expected);
      expect(JSON.parse(JSON.stringify(object))).to.deep.include({ link: 'v0', handle: spec.handle });
    });
  }

  it('changes options in place and keeps what is not named', async () => {
    const { net } = traffic();
    const key = { link: 'v0', handle: '1:10' } as const;
    await one(net.classes.add({ ...key, kind: 'htb', htb: { rate: '8mbit', ceil: '9mbit', burst: '15kib', priority: 2, overhead: 4 } }));
    const { object, changed } = await one(net.classes.change(key, { kind: 'htb', htb: { ceil: '10mbit' } }));
    expect(changed[0]!.text).to.equal('~ class 1:10 on v0: htb.ceil 9000000 -> 10000000');
    expect(object.htb).to.deep.include({ rate: 8e6, ceil: 10e6, burst: 15_360, priority: 2, overhead: 4 });
    expect(judge()[0]).to.deep.include({ rate: 1e6, ceil: 1_250_000, burst: 15_360, prio: 2, overhead: 4 });
    await one(net.classes.change(key, { kind: 'htb', htb: { overhead: null } }));
    expect((await one(net.classes.get(key))).htb).to.not.have.property('overhead');
    await failure(net.classes.ensure({ ...key, parent: '1:1', kind: 'htb', htb: {} }), 'unsupported');
    const moved = await one(net.classes.ensure({ ...key, parent: '1:1', kind: 'htb', htb: {} }, { recreate: true }));
    const { overhead: _removed, ...left } = object.htb!;
    expect(moved.object).to.deep.include({ parent: '1:1', htb: left });
  });

  it('follows the rate with a ceil and bursts that are the defaults of the old rate', async () => {
    const { net, tc } = traffic();
    const spec = (htb: NonNullable<ClassSpec['htb']>): ClassSpec => ({ link: 'v0', handle: '1:10', kind: 'htb', htb });
    const ensure = async (htb: NonNullable<ClassSpec['htb']>): Promise<ShownTraffic> => {
      await one(net.classes.ensure(spec(htb)));
      expect(await countWrites(() => one(net.classes.ensure(spec(htb))))).to.equal(0);
      return judge()[0]!;
    };
    tc('class add dev v0 parent 1: classid 1:10 htb rate 40gbit quantum 9000');
    const expected = judge()[0]!;
    tc('class del dev v0 classid 1:10');
    await ensure({ rate: '1mbit', quantum: 9000 });
    expect(await ensure({ rate: '40gbit' })).to.deep.equal(expected);
    expect(await ensure({ rate: '2mbit', burst: '15kib', ceil: '3mbit' })).to.include({ rate: 250_000, ceil: 375_000, burst: 15_360 });
    expect(await ensure({ rate: '1mbit' }), 'a ceil of its own stays').to.include({ rate: 125_000, ceil: 375_000, burst: 15_360 });
    expect(await ensure({ ceil: null })).to.include({ rate: 125_000, ceil: 125_000 });
    expect(await ensure({ rate: '2mbit', ceil: null })).to.include({ rate: 250_000, ceil: 250_000 });
  });

  it('refuses a ceil below the rate, also the present one', async () => {
    const { net } = traffic();
    const key = { link: 'v0', handle: '1:10', kind: 'htb' } as const;
    const text = 'htb.ceil: 3000000 is below the rate 5000000; write a ceil of at least the rate, or null for the rate itself';
    expect((await failure(net.classes.add({ ...key, htb: { rate: '5mbit', ceil: '3mbit' } }), 'invalid')).message).to.include(text);
    await one(net.classes.add({ ...key, htb: { rate: '2mbit', ceil: '3mbit' } }));
    expect((await failure(net.classes.ensure({ ...key, htb: { rate: '5mbit' } }), 'invalid')).message).to.include(text);
    expect(judge()[0]).to.include({ rate: 250_000, ceil: 375_000 });
  });

  it('writes a tree in one call, parents first, and names a parent that does not exist', async () => {
    const { net } = traffic();
    const tree: readonly ClassSpec[] = [
      { link: 'v0', handle: '1:2', kind: 'htb', htb: { rate: '10mbit' } },
      { link: 'v0', handle: '1:20', parent: '1:2', kind: 'htb', htb: { rate: '4mbit', ceil: '10mbit' } },
      { link: 'v0', handle: '1:21', parent: '1:2', kind: 'htb', htb: { rate: '6mbit', ceil: '10mbit' } },
      { link: 'v0', handle: '1:30', parent: '1:99', kind: 'htb', htb: { rate: '6mbit' } },
    ];
    const { written, failed } = await one(net.classes.ensureMany(tree));
    expect({ written, failed: failed.map(({ index, error }) => [index, error.message]) }).to.deep.equal({
      written: 3,
      failed: [[3, "cannot ensure class 1:30 on v0: parent: the link has no class '1:99'"]],
    });
    expect(judge().map(({ handle, parent, root }) => [handle, parent ?? root])).to.have.deep.members([
      ['1:2', true],
      ['1:20', '1:2'],
      ['1:21', '1:2'],
    ]);
    expect(await countWrites(() => one(net.classes.ensureMany(tree.slice(0, 3))))).to.equal(0);
    const [root, leaf] = tree;
    const busy = await failure(net.classes.delete(root!), 'busy');
    // Older kernels do not name the reason.
    expect(busy.message).to.match(/cannot delete class 1:2 on v0: (HTB class in use|it is in use)/);
    expect(await one(net.classes.deleteMany([...tree.slice(1, 3), root!]))).to.deep.equal({ written: 3, failed: [] });
    await failure(net.classes.get(leaf!), 'missing');
  });

  it('refuses a filter to a class that does not exist', async () => {
    const { net, tc } = traffic();
    const filter = { link: 'v0', parent: '1:', priority: 5, protocol: 'ip', kind: 'u32', match: { 'tcp.dport': 443 } } as const;
    for (const verb of ['add', 'ensure'] as const) {
      const error = await failure(net.filters[verb]({ ...filter, to: '1:77' }), 'missing');
      expect(error.message).to.include("to: the link has no class '1:77'; create it first");
    }
    expect(tc('filter show dev v0')).to.equal('');
    for (const to of ['1:1', '1:'] as const) await one(net.filters.ensure({ ...filter, to }));
    expect(tc('filter show dev v0')).to.include('flowid 1:');
  });

  it('lists the classes of every link, or of one', async () => {
    const { net, namespace } = traffic();
    namespace.run('tc', 'qdisc', 'add', 'dev', 'v1', 'root', 'handle', '3:', 'tbf', 'rate', '1mbit', 'burst', '5k', 'limit', '9k');
    expect((await one(net.classes.list())).map(({ link, handle, kind }) => [link, handle, kind])).to.have.deep.members([
      ['v0', '1:1', 'htb'],
      ['v1', '3:1', 'tbf'],
    ]);
    const [own] = await one(net.classes.list({ link: 'v1' }));
    expect(own).to.deep.include({ handle: '3:1', parent: '3:', kind: 'tbf' });
    expect(await countWrites(() => one(net.classes.ensure(own!)))).to.equal(0);
    namespace.run('tc', 'qdisc', 'delete', 'dev', 'v1', 'root');
  });

  it('names the class and the remedy in each error', async () => {
    const { net } = traffic();
    const { classes } = net;
    const htb = { rate: '1mbit' } as const;
    const texts = [
      [classes.add({ link: 'v7', handle: '1:2', kind: 'htb', htb }), 'unknown-name', "link: no link is named 'v7'"],
      [classes.add({ link: 'v0', handle: '1:', kind: 'htb', htb }), 'invalid', 'handle: expected the handle of a class'],
      [classes.add({ link: 'v0', handle: '1:2', parent: '2:', kind: 'htb', htb }), 'invalid', "parent: expected the qdisc '1:' or"],
      [classes.add({ link: 'v0', handle: '1:2', kind: 'htb' }), 'invalid', 'htb.rate: is required to create a class of kind'],
      [classes.add({ link: 'v0', handle: '7:2', kind: 'htb', htb }), 'missing', "handle: the link has no qdisc '7:'"],
      [classes.ensure({ link: 'v0', handle: '7:2', kind: 'htb', htb }), 'missing', "handle: the link has no qdisc '7:'"],
      [classes.add({ link: 'v0', handle: '1:1', kind: 'htb', htb }), 'exists', 'cannot add class 1:1 on v0'],
      [classes.get({ link: 'v0', handle: '1:7' }), 'missing', 'cannot get class 1:7 on v0: it does not exist'],
      [classes.change({ link: 'v0', handle: '1:1' }, { handle: '1:2' }), 'invalid', 'handle: it identifies the class'],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
  });
});
