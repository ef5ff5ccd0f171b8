import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { Row } from '../../../lib/network/common/written.js';
import { network, type Network } from '../../../lib/network/network.js';
import { useNamespace } from '../../support/namespace.js';
import { countWrites, failure, one, shown } from './support.js';

interface ShownAddress {
  readonly local: string;
  readonly prefixlen: number;
  readonly [property: string]: unknown;
}

describe('network().addresses', () => {
  const namespace = useNamespace();
  let net: Network;

  const judge = (local: string): ShownAddress =>
    shown<{ readonly addr_info: readonly ShownAddress[] }>(namespace(), 'ip -d -j addr')
      .flatMap(({ addr_info }) => addr_info)
      .find((row) => row.local === local)!;

  before(() => {
    namespace().batch([
      'link add v0 type veth peer v1',
      'link set v0 up',
      'link set v1 up',
      'link property add dev v0 altname an-alternative-name',
    ]);
    net = network({ netns: namespace().path });
  });
  beforeEach(() => namespace().batch(['addr flush dev v0', 'addr flush dev v1']));
  after(() => net.close());

  /** Every property that can be written, with a value that is not its default, and what `ip` prints for it. */
  const CASES = [
    [{ address: '10.0.0.1/24' }, { prefixlen: 24, scope: 'global', label: 'v0' }],
    [{ address: '10.0.0.1/32' }, { prefixlen: 32 }],
    [
      { address: '10.0.0.1', peer: '10.9.0.2/30' },
      { address: '10.9.0.2', prefixlen: 30 },
    ],
    [{ address: '10.0.0.1/24', broadcast: '10.0.0.255' }, { broadcast: '10.0.0.255' }],
    [{ address: '10.0.0.1/24', label: 'v0:one' }, { label: 'v0:one' }],
    [{ address: '10.0.0.1/24', scope: 'link' }, { scope: 'link' }],
    [{ address: '10.0.0.1/24', scope: 200 }, { scope: 'site' }],
    [{ address: '10.0.0.1/24', metric: 77 }, { metric: 77 }],
    [{ address: '10.0.0.1/24', noPrefixRoute: true }, { noprefixroute: true }],
    [{ address: '239.1.1.1/32', autojoin: true }, { autojoin: true }],
    [
      { address: '10.0.0.1/24', valid: '1h', preferred: '30m' },
      { valid_life_time: 3600, preferred_life_time: 1800 },
    ],
    [{ address: '10.0.0.1/24', protocol: 7 }, { protocol: '0x7' }],
    [{ address: '10.0.0.1/24', protocol: 'kernel-ra' }, { protocol: 'kernel_ra' }],
    [
      { address: 'fd00::1/64', noDad: true },
      { prefixlen: 64, nodad: true },
    ],
    [{ address: 'fd00::1/64', home: true, noDad: true }, { home: true }],
    [{ address: 'fd00::1/64', manageTemporary: true, noDad: true }, { mngtmpaddr: true }],
    [{ address: 'fd00::1/64', noPrefixRoute: true, noDad: true }, { noprefixroute: true }],
    [{ address: 'fd00::1/64', metric: 99, noDad: true }, { metric: 99 }],
    [
      { address: 'fd00::1/64', valid: '10m', preferred: 0, noDad: true },
      { valid_life_time: 600, preferred_life_time: 0 },
    ],
    [
      { address: 'fd00::1', peer: 'fd00::2/128', noDad: true },
      { address: 'fd00::2', prefixlen: 128 },
    ],
  ] as const;

  for (const [fields, expected] of CASES) {
    it(`writes ${JSON.stringify(fields)} as ip reads it, and nothing the second time`, async () => {
      const spec = { link: 'v0', ...fields };
      const { object, changed } = await one(net.addresses.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      expect(judge(fields.address.split('/')[0]!)).to.deep.include(expected);
      expect(await countWrites(() => one(net.addresses.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(net.addresses.ensure(object)))).to.equal(0);
      const key = { link: 'v0', address: fields.address };
      for (const [name, value] of Object.entries(await one(net.addresses.get(key)))) expect([name, value]).to.not.deep.equal([name, null]);
      await one(net.addresses.delete(object));
      expect(judge(fields.address.split('/')[0]!)).to.equal(undefined);
      expect(await one(net.addresses.ensureAbsent(object))).to.equal(false);
    });
  }

  it('reads what ip wrote', async () => {
    namespace().batch([
      'addr add 10.1.0.1/24 broadcast 10.1.0.255 dev v0 label v0:one metric 5',
      'addr add 10.1.0.2/24 dev v0',
      'addr add 10.9.0.1 peer 10.9.0.2/32 dev v1',
      'addr add fd00::1/64 dev v1 nodad home proto 9',
    ]);
    const found = await one(net.addresses.list());
    // Linux before 5.18 has no protocols of addresses.
    const [written] = shown<{ readonly addr_info: readonly { readonly protocol?: string }[] }>(namespace(), 'ip -6 -j addr show dev v1');
    const protocol = written!.addr_info.some((address) => address.protocol !== undefined) ? { protocol: 9 } : {};
    const common = { permanent: true, secondary: false, tentative: false, dadFailed: false, deprecated: false, temporary: false };
    const [v0, v1] = ['v0', 'v1'].map((name) => shown<{ readonly ifindex: number }>(namespace(), `ip -j link show ${name}`)[0]!.ifindex);
    expect(found.filter(({ link }) => link !== 'lo')).to.have.deep.members([
      {
        ...common,
        ...{ link: 'v0', linkIndex: v0, family: 4, address: '10.1.0.1/24', broadcast: '10.1.0.255', label: 'v0:one' },
        ...{ scope: 'global', metric: 5 },
      },
      { ...common, link: 'v0', linkIndex: v0, family: 4, address: '10.1.0.2/24', label: 'v0', scope: 'global', secondary: true },
      { ...common, link: 'v1', linkIndex: v1, family: 4, address: '10.9.0.1', peer: '10.9.0.2/32', label: 'v1', scope: 'global' },
      { ...common, link: 'v1', linkIndex: v1, family: 6, address: 'fd00::1/64', noDad: true, home: true, ...protocol },
    ]);
    expect(found[0]![Row].ifaIndex).to.equal(found[0]!.linkIndex);
    expect(Object.keys(found[0]!)).to.not.include('Row');
  });

  it('filters by version, link, flags and absence', async () => {
    namespace().batch(['addr add 10.1.0.1/24 dev v0', 'addr add 10.1.0.2/24 dev v0 metric 9', 'addr add fd00::1/64 dev v1 nodad']);
    const addresses = async (filter: Parameters<Network['addresses']['list']>[0]) =>
      (await one(net.addresses.list(filter))).map(({ address }) => address);
    expect(await addresses({ link: 'v0' })).to.deep.equal(['10.1.0.1/24', '10.1.0.2/24']);
    expect(await addresses({ family: 6, link: 'v1' })).to.deep.equal(['fd00::1/64']);
    expect(await addresses({ secondary: true })).to.deep.equal(['10.1.0.2/24']);
    expect(await addresses({ link: 'v0', metric: null })).to.deep.equal(['10.1.0.1/24']);
    expect((await failure(net.addresses.list({ lnik: 'v0' } as never), 'invalid')).message).to.include('did you mean link?');
    expect(await addresses({ link: 'an-alternative-name' })).to.deep.equal(['10.1.0.1/24', '10.1.0.2/24']);
    expect(await addresses({ link: 'v0', noPrefixRoute: false })).to.deep.equal(['10.1.0.1/24', '10.1.0.2/24']);
    expect(await addresses({ address: '10.1.0.2' })).to.deep.equal(['10.1.0.2/24']);
    expect((await failure(net.addresses.list({ link: 'v7' }), 'missing')).message).to.include("no link is named 'v7'");
    expect((await failure(net.addresses.list({ link: { name: 'v0' } } as never), 'invalid')).path).to.equal('link');
  });

  it('accepts an alternative name of the link, and returns the name', async () => {
    const { object } = await one(net.addresses.ensure({ link: 'an-alternative-name', address: '10.0.0.1/24' }));
    expect(object.link).to.equal('v0');
    const again = { link: 'an-alternative-name', address: '10.0.0.1/24' };
    expect(await countWrites(() => one(net.addresses.ensure(again)))).to.equal(0);
    expect((await one(net.addresses.get(again))).link).to.equal('v0');
  });

  it('changes lifetime and metric in place and keeps the rest', async () => {
    await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24', label: 'v0:x', broadcast: '10.0.0.255', metric: 5 }));
    const { changed } = await one(net.addresses.change({ link: 'v0', address: '10.0.0.1/24' }, { valid: '1h' }));
    expect(changed.map(({ text }) => text)).to.deep.equal(['~ address 10.0.0.1/24 on v0: valid none -> 3600000']);
    const now = judge('10.0.0.1');
    expect(now).to.deep.include({ label: 'v0:x', broadcast: '10.0.0.255', metric: 5 });
    expect(now.valid_life_time).to.be.within(3590, 3600);
    await one(net.addresses.ensure({ link: 'v0', address: '10.0.0.1/24', valid: null, preferred: null }));
    expect(judge('10.0.0.1').valid_life_time).to.equal(0xffff_ffff);
  });

  it('keeps the metric of an IPv4 address, which the kernel resets when a change omits it', async () => {
    await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24', metric: 5 }));
    await one(net.addresses.ensure({ link: 'v0', address: '10.0.0.1/24', protocol: 9 }));
    expect(judge('10.0.0.1').metric).to.equal(5);
  });

  for (const part of [{ label: 'v0:x' }, { scope: 'link' }, { broadcast: '10.0.0.7' }, { noPrefixRoute: true }] as const) {
    const [name] = Object.keys(part) as [string];
    it(`refuses to change ${name}, which the kernel acknowledges and ignores, without recreate`, async () => {
      await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24', metric: 5 }));
      const spec = { link: 'v0', address: '10.0.0.1/24', ...part };
      const error = await failure(net.addresses.ensure(spec), 'unsupported');
      expect(error.path).to.equal(name);
      expect(error.message).to.include('{ recreate: true }');
      const { changed, object } = await one(net.addresses.ensure(spec, { recreate: true }));
      expect(changed.map(({ action }) => action)).to.deep.equal(['recreate']);
      expect(object).to.deep.include({ ...part, metric: 5 });
    });
  }

  it('exchanges the prefix length of an IPv6 address', async () => {
    await one(net.addresses.add({ link: 'v0', address: 'fd00::1/64', noDad: true, protocol: 9 }));
    await one(net.addresses.ensure({ link: 'v0', address: 'fd00::1/128' }));
    expect(judge('fd00::1')).to.deep.include({ prefixlen: 128, nodad: true, protocol: '0x9' });
  });

  it('keeps two prefix lengths of one IPv4 address apart', async () => {
    await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }));
    await one(net.addresses.ensure({ link: 'v0', address: '10.0.0.1/25' }));
    const error = await failure(net.addresses.get({ link: 'v0', address: '10.0.0.1' }), 'ambiguous');
    expect(error.message).to.include('10.0.0.1/24 on v0, 10.0.0.1/25 on v0');
    expect((await one(net.addresses.get({ link: 'v0', address: '10.0.0.1/25' }))).address).to.equal('10.0.0.1/25');
  });

  it('writes many addresses, and reports those that fail', async () => {
    const specs = Array.from({ length: 500 }, (_, index) => ({ link: 'v0', address: `10.1.${index >> 8}.${index & 255}/16` }));
    const wrong = [{ link: 'v9', address: '10.0.0.1/24' }, { link: 'v0', address: '10.0.0.1' }, specs[7]!];
    const added = await one(net.addresses.addMany([...specs, ...wrong]));
    expect(added.written).to.equal(500);
    expect(added.failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([
      [500, 'unknown-name'],
      [501, 'invalid'],
      [502, 'exists'],
    ]);
    const changed = specs.map((spec, index) => (index % 100 === 0 ? { ...spec, metric: 5 } : spec));
    expect(await countWrites(() => one(net.addresses.ensureMany(changed)))).to.equal(5);
    expect(await one(net.addresses.ensureMany(changed))).to.deep.equal({ written: 0, failed: [] });
    const all = await one(net.addresses.list({ link: 'v0', secondary: false }));
    expect(await one(net.addresses.deleteMany([...all, { link: 'v0', address: '10.7.7.7/16' }]))).to.deep.include({ written: 1 });
    expect(shown<{ readonly addr_info: readonly unknown[] }>(namespace(), 'ip -j addr show dev v0')[0]!.addr_info).to.have.length(0);
  });

  it('writes equal elements once, and refuses contradictory ones and an iterator that was read', async () => {
    const spec = { link: 'v0', address: '10.0.0.1/24' };
    expect(await one(net.addresses.ensureMany([spec, spec]))).to.deep.equal({ written: 1, failed: [] });
    const { failed } = await one(net.addresses.ensureMany([spec, { ...spec, metric: 5 }]));
    expect(failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([[1, 'conflict']]);
    const wrong = await one(net.addresses.addMany([null as never, 'text' as never]));
    expect(wrong.failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([
      [0, 'invalid'],
      [1, 'invalid'],
    ]);
    const verb = net.addresses.ensureMany([spec].values());
    await one(verb);
    expect((await failure(verb, 'invalid')).message).to.include('iterator');
    expect(() => net.addresses.delete('10.0.0.1/24 on v0' as never)).to.throw(TypeError, 'expected an object');
  });

  it('signals wrong data and never throws it', async () => {
    const wrong = [
      [{ address: '10.0.0.1' }, 'address', "'10.0.0.1' has no prefix length; write '10.0.0.1/24' or '10.0.0.1/32'"],
      [{ address: '10.0.0.1/33' }, 'address', "'10.0.0.1/33' has a prefix length over 32"],
      [{ address: '10.0.0.1/24', metric: undefined }, 'metric', 'undefined is not a value; omit the property to leave it alone'],
      [{ address: '10.0.0.1/24', metric: null }, 'metric', 'null is not a value: the property cannot be removed'],
      [{ address: '10.0.0.1/24', label: 'other' }, 'label', "expected 'v0' or 'v0:' with a text behind it, as ifconfig expects it"],
      [{ address: '10.0.0.1/24', noDad: true }, 'noDad', 'only IPv6 addresses have it; the kernel ignores it'],
      [{ address: 'fd00::1/64', label: 'v0' }, 'label', 'only IPv4 addresses have it; the kernel ignores it'],
      [
        { address: '10.0.0.1/24', valid: '1500ms' },
        'valid',
        'expected whole seconds up to 4294967294, not 1500 ms; omit it for an address that never expires',
      ],
      [{ address: '10.0.0.1/24', valid: '5x' }, 'valid', "'5x' has the unit 'x'; expected us, ms, s, m, h, such as '10ms'"],
      [{ address: '10.0.0.1/24', valid: 5_000_000_000_000 }, 'valid', undefined],
      [{ addres: '10.0.0.1/24' }, 'addres', 'unknown property; did you mean address?'],
    ] as const;
    for (const [fields, path, text] of wrong) {
      const error = await failure(net.addresses.add({ link: 'v0', ...fields } as never), 'invalid');
      expect(error.path).to.equal(path);
      if (text !== undefined) expect(error.message).to.include(text);
    }
  });

  it('checks the properties of a spec together with those of the object', async () => {
    const key = { link: 'v0', address: '10.0.0.1/24' };
    await one(net.addresses.add({ ...key, valid: '1h', preferred: '30m' }));
    for (const [verb, path] of [
      [net.addresses.change(key, { label: 'foo' }, { recreate: true }), 'label'],
      [net.addresses.change(key, { preferred: '2h' }), 'preferred'],
      [net.addresses.ensure({ ...key, valid: '1h', preferred: '2h' }), 'preferred'],
    ] as const) {
      const error = await failure(verb, 'invalid');
      expect(error.path, error.message).to.equal(path);
    }
    await one(net.addresses.add({ link: 'v0', address: 'fd00::1/64' }));
    const error = await failure(net.addresses.change({ link: 'v0', address: 'fd00::1' }, { broadcast: '10.0.0.255' }), 'invalid');
    expect(error.path, error.message).to.equal('broadcast');
    expect(judge('10.0.0.1')).to.include({ label: 'v0' });
  });

  it('names the object in each error', async () => {
    await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }));
    const texts = [
      [
        net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }),
        'exists',
        /^cannot add address 10\.0\.0\.1\/24 on v0: .*\(EEXIST\); ensure\(\) accepts an object that exists$/,
      ],
      [net.addresses.get({ link: 'v0', address: '10.0.0.9' }), 'missing', /^cannot get address 10\.0\.0\.9 on v0: it does not exist$/],
      [
        net.addresses.delete({ link: 'v9', address: '10.0.0.1' }),
        'missing',
        /^cannot delete address 10\.0\.0\.1 on v9: it does not exist$/,
      ],
      [net.addresses.add({ link: 'v7', address: '10.0.0.1/24' }), 'unknown-name', /link: no link is named 'v7'; did you mean v[01]\?$/],
      [net.addresses.change({ link: 'v0', address: '10.0.0.1' }, { peer: '10.0.0.5/32' }), 'invalid', /peer: it identifies the address/],
    ] as const;
    for (const [verb, reason, pattern] of texts) expect((await failure(verb, reason)).message).to.match(pattern);
    expect(await one(net.addresses.find({ link: 'v0', address: '10.0.0.9' }))).to.equal(undefined);
  });

  it('sends nothing before it is subscribed, and again at each subscription', async () => {
    const spec = { link: 'v0', address: '10.0.0.1/24' };
    expect(await countWrites(async () => void net.addresses.add(spec))).to.equal(0);
    const verb = net.addresses.ensure(spec);
    spec.address = '10.0.0.2/24';
    await one(verb);
    expect(judge('10.0.0.1').prefixlen).to.equal(24);
    expect((await one(verb)).changed).to.deep.equal([]);
  });

  it('ends with the reason of an aborted signal, and with a timeout', async () => {
    const reason = new Error('stop');
    const signal = AbortSignal.abort(reason);
    const ended = lastValueFrom(net.addresses.list({}, { signal })).catch((error: unknown) => error);
    expect(await ended).to.equal(reason);
    expect(() => net.addresses.list({}, { timeuot: 5 } as never)).to.throw(TypeError, "unknown option 'timeuot'");
    expect(() => net.addresses.add(undefined as never)).to.throw(TypeError, 'expected an object');
  });
});
