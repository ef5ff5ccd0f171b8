import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import type { LinkSpec } from '../../../lib/network/links/link.js';
import { nativeTransport } from '../../../lib/socket/native/native-transport.js';
import { spawnSync } from '../../support/programs.js';
import { useNamespace } from '../../support/namespace.js';
import { needsOtherUsers, needsTun } from '../native/needs.js';
import { countWrites, failure, one, shown } from './support.js';

interface Shown extends Readonly<Record<string, unknown>> {
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: object };
}

/** Links, and what `ip -d -j link` shows of each, and `ip -j tuntap`. */
const WRITTEN: readonly (readonly [spec: LinkSpec, link: object, data: object, flags: readonly string[]])[] = [
  [
    { name: 't0', kind: 'tun', tun: { mode: 'tun' } },
    { link_type: 'none', mtu: 1500, operstate: 'DOWN' },
    { type: 'tun', pi: false, vnet_hdr: false, multi_queue: false, persist: true },
    ['tun', 'persist'],
  ],
  [
    { name: 't0', kind: 'tun', mtu: 1400, up: true, alias: 'an alias', group: 7, tun: { mode: 'tun', owner: 1234, packetInfo: true } },
    { mtu: 1400, ifalias: 'an alias', group: '7' },
    { type: 'tun', pi: true, vnet_hdr: false, multi_queue: false, persist: true, user: 1234 },
    ['tun', 'pi', 'persist'],
  ],
  [
    {
      name: 't0',
      kind: 'tun',
      mac: '02:00:00:00:00:71',
      txQueueLength: 77,
      altnames: ['another-name-of-the-device'],
      tun: { mode: 'tap', group: 4321, vnetHeader: true, multiQueue: true, persistent: true },
    },
    { address: '02:00:00:00:00:71', txqlen: 77, altnames: ['another-name-of-the-device'] },
    { type: 'tap', pi: false, vnet_hdr: true, multi_queue: true, persist: true, group: 4321 },
    ['tap', 'multi_queue', 'vnet_hdr', 'persist'],
  ],
];

describe('links: tun and tap', () => {
  const namespace = useNamespace();
  let net: Network;
  before(function () {
    needsTun(this);
    needsOtherUsers(this);
    net = network({ netns: namespace().path });
  });
  after(() => (net as Network | undefined)?.close());
  afterEach(async () => {
    for (const { name } of await one(net.links.list({ kind: 'tun' }))) await one(net.links.delete(name));
  });

  const list = () => shown<Shown>(namespace(), 'ip -d -j link');
  const tuntap = (name: string) => {
    // `ip` warns about processes that it may not inspect.
    const { stdout } = spawnSync('ip', ['-n', name, '-j', 'tuntap'], { encoding: 'utf8' });
    return (JSON.parse(stdout) as { readonly flags: readonly string[] }[])[0]?.flags;
  };
  const of = (name: string) => list().find(({ ifname }) => ifname === name);

  for (const [spec, link, data, flags] of WRITTEN) {
    it(`creates ${JSON.stringify(spec)}, and writes nothing the second time`, async () => {
      const created = await one(net.links.add(spec));
      const found = of('t0');
      expect(found).to.deep.include(link);
      expect(found?.linkinfo?.info_data).to.include(data);
      const { name } = namespace();
      if (name !== undefined) expect(tuntap(name)).to.include.members(flags);
      expect(created).to.deep.include({ name: 't0', kind: 'tun' });
      expect(created.tun).to.include({ persistent: true, ...spec.tun });
      const writes = await countWrites(async () => {
        expect((await one(net.links.ensure(spec))).changed).to.deep.equal([]);
        expect((await one(net.links.ensure(await one(net.links.get('t0'))))).changed).to.deep.equal([]);
      });
      expect(writes).to.equal(0);
      await one(net.links.delete('t0'));
      expect(of('t0')).to.equal(undefined);
    });
  }

  it('reads what ip tuntap created, and changes other properties of it', async () => {
    namespace().ip('tuntap add dev t1 mode tap user 1234 multi_queue');
    const { changed } = await one(net.links.ensure({ name: 't1', kind: 'tun', mtu: 1300, tun: { mode: 'tap', owner: 1234 } }));
    expect(changed.map(({ text }) => text)).to.deep.equal(['~ link t1: mtu 1500 -> 1300']);
    const fixed = await failure(net.links.ensure({ name: 't1', kind: 'tun', tun: { mode: 'tap', owner: 7 } }), 'unsupported');
    expect(fixed.path).to.equal('tun.owner');
    const again = await one(net.links.ensure({ name: 't1', kind: 'tun', tun: { mode: 'tap', owner: 7777 } }, { recreate: true }));
    expect(again.object).to.include({ mtu: 1300 });
    expect(of('t1')?.linkinfo?.info_data).to.include({ type: 'tap', user: 7777, multi_queue: true });
    namespace().ip('tuntap del dev t1 mode tap multi_queue');
  });

  it('rejects a name that a link has, also as an alternative name', async () => {
    await one(net.links.add({ name: 't2', kind: 'tun', altnames: ['other'], tun: { mode: 'tap' } }));
    const before = list();
    for (const name of ['t2', 'other', 'lo']) {
      const error = await failure(net.links.add({ name, kind: 'tun', tun: { mode: 'tap' } }), 'exists');
      expect(error).to.include({ code: 'EBUSY', errno: -16, message: `cannot add link ${name}: a link has the name (EBUSY)` });
    }
    expect(list()).to.deep.equal(before);
  });

  it('leaves nothing behind when a later message fails', async () => {
    const before = list();
    // A tun device has no MAC address; 60 is less than its minimum MTU.
    await failure(net.links.add({ name: 't3', kind: 'tun', mac: '02:00:00:00:00:01', tun: { mode: 'tun' } }), 'unsupported');
    await failure(net.links.add({ name: 't3', kind: 'tun', mtu: 60, tun: { mode: 'tun' } }), 'invalid');
    await failure(net.links.add({ name: 't3', kind: 'tun', master: 'lo', tun: { mode: 'tap' } }), 'unsupported');
    expect(list()).to.deep.equal(before);
  });

  it('rejects what the kernel would ignore', async () => {
    const before = list();
    const wrong: readonly (readonly [path: string, spec: object])[] = [
      ['tun.mode', {}],
      ['tun.mode', { tun: {} }],
      ['tun.mode', { tun: { mode: 'tup' } }],
      ['tun.mode', { tun: { mode: 7 } }],
      ['tun.persistent', { tun: { mode: 'tun', persistent: false } }],
      ['tun.owner', { tun: { mode: 'tun', owner: -1 } }],
      ['txQueues', { txQueues: 2, tun: { mode: 'tun' } }],
      ['parent', { parent: 'lo', tun: { mode: 'tun' } }],
      ['parent', { parent: 'lo', netns: namespace().path, tun: { mode: 'tun' } }],
      ['name', { name: 'tun%d', tun: { mode: 'tun' } }],
    ];
    for (const [path, spec] of wrong) {
      const error = await failure(net.links.add({ name: 't4', kind: 'tun', ...spec }), 'invalid');
      expect(error.path, JSON.stringify(spec)).to.equal(path);
    }
    // (uid_t)-1 is the kernel's word for "no user".
    const owner = await failure(net.links.add({ name: 't4', kind: 'tun', tun: { mode: 'tun', owner: 0xffff_ffff } }), 'invalid');
    expect(owner.message).to.match(/^cannot add link t4: tun.owner: the user does not exist in this user namespace \(EINVAL\)$/);
    expect(list()).to.deep.equal(before);
  });

  it('creates in the namespace of the spec', async () => {
    const here = network();
    const spec: LinkSpec = { name: 't5', kind: 'tun', up: true, netns: namespace().path, tun: { mode: 'tap', owner: 12345 } };
    expect(await one(here.links.add(spec))).to.deep.include({ name: 't5', up: true });
    expect(of('t5')?.linkinfo?.info_data).to.include({ type: 'tap', user: 12345 });
    expect((await one(here.links.ensure(spec))).changed).to.deep.equal([]);
    expect(await one(here.links.find('t5'))).to.equal(undefined);
    here.close();
  });

  it('creates many, and deletes them', async () => {
    const specs = Array.from({ length: 5 }, (_, index): LinkSpec => ({ name: `m${index}`, kind: 'tun', tun: { mode: 'tun' } }));
    expect(await one(net.links.ensureMany(specs))).to.deep.equal({ written: 5, failed: [] });
    expect(await one(net.links.ensureMany(specs))).to.deep.equal({ written: 0, failed: [] });
    expect(await one(net.links.deleteMany(specs.map(({ name }) => name)))).to.deep.equal({ written: 5, failed: [] });
  });

  it('names the module, the device file and the capability that it needs', async () => {
    const failing = (step: string, errno: number): Network =>
      network({ netns: namespace().path, transport: { ...nativeTransport, createTun: () => ({ step, errno }) } });
    const cases = [
      ['open', -2, 'unsupported', /\/dev\/net\/tun does not exist; try `modprobe tun`.*\(ENOENT\)$/],
      ['open', -19, 'unsupported', /modprobe tun.*\(ENODEV\)$/],
      ['open', -13, 'denied', /\/dev\/net\/tun may not be opened.*\(EACCES\)$/],
      ['create', -1, 'denied', /CAP_NET_ADMIN.*\(EPERM\)$/],
      ['setns', -1, 'denied', /CAP_SYS_ADMIN.*\(EPERM\)$/],
      ['thread', -11, 'invalid', /step 'thread' failed \(EAGAIN\)$/],
    ] as const;
    for (const [step, errno, reason, pattern] of cases) {
      const error = await failure(failing(step, errno).links.add({ name: 't6', kind: 'tun', tun: { mode: 'tun' } }), reason);
      expect(error.message).to.match(pattern);
      expect(error.errno).to.equal(errno);
    }
    const { createTun: _createTun, ...without } = nativeTransport;
    const other = network({ netns: namespace().path, transport: without });
    await failure(other.links.add({ name: 't6', kind: 'tun', tun: { mode: 'tun' } }), 'unsupported');
  });
});
