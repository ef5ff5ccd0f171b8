import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { UNLIMITED, xfrm, xfrmSchema, type XfrmFamily } from '../../../lib/families/xfrm.js';
import { operationCodec } from '../../../lib/schema/index.js';
import type { EncodeError, KernelError } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { normalized, objectsIn, policyText, stateText } from '../../families/compare/xfrm-text.js';
import { useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { useWatchers } from '../live/watcher.js';

type Client = WatchableClient<XfrmFamily, 'getsa' | 'getpolicy'>;

const failure = (promise: Promise<unknown>): Promise<KernelError> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as KernelError,
  );

describe('xfrm', () => {
  const namespace = useNamespace();
  const watch = useWatchers();
  const tally = useTally('ip -s xfrm');
  let client: Client;

  /** Compares objects with those that ip lists, word for word. */
  const compare = (what: 'state' | 'policy', texts: readonly string[]): void => {
    const expected = objectsIn(namespace().ip(`-s xfrm ${what} list`));
    expect(texts.map(normalized).sort()).to.deep.equal([...expected].sort());
    tally.add(expected.join(' ').split(' ').length);
  };
  const states = () => lastValueFrom(client.list('getsa'));
  const policies = () => lastValueFrom(client.list('getpolicy'));
  const compareStates = async (): Promise<void> => {
    compare(
      'state',
      (await states()).map((state) => stateText(state)),
    );
  };
  const comparePolicies = async (): Promise<void> => {
    compare(
      'policy',
      (await policies()).map((policy) => policyText(policy)),
    );
  };

  before(() => {
    client = xfrm({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => client?.close());
  afterEach(() => {
    namespace().ip('xfrm state flush');
    namespace().ip('xfrm policy flush');
  });

  it('reads the larval states that ip makes', async () => {
    namespace().batch([
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp mode tunnel reqid 7 mark 5 mask 255 min 256 max 512',
      'xfrm state allocspi src 2001:db8::1 dst 2001:db8::2 proto ah mode transport reqid 8',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.3 proto comp reqid 4294967295 min 256 max 300',
    ]);
    await compareStates();
    const rows = await states();
    expect(rows.map(({ family, id: { proto } }) => `${family} ${proto}`).sort()).to.deep.equal(['10 ah', '2 comp', '2 esp']);
    // IPSEC_PROTO_ANY selects all protocols.
    expect(await lastValueFrom(client.list('getsa', { proto: 255 }))).to.have.lengthOf(rows.length);
  });

  it('allocates an SPI, and reads, finds and deletes the state', async () => {
    const made = await lastValueFrom(
      client.do('allocspi', {
        info: { id: { daddr: '10.0.0.2', proto: 'esp' }, saddr: '10.0.0.1', mode: 'tunnel', reqid: 9 },
        min: 0x300,
        max: 0x300,
      }),
    );
    expect(made.id).to.deep.equal({ daddr: '10.0.0.2', spi: 0x300, proto: 'esp' });
    await compareStates();
    const found = await lastValueFrom(client.do('getsa', { daddr: '10.0.0.2', spi: 0x300, proto: 'esp' }));
    compare('state', [stateText(found)]);
    await lastValueFrom(client.do('delsa', { daddr: '10.0.0.2', spi: 0x300, proto: 'esp' }));
    expect(await states()).to.deep.equal([]);
    expect((await failure(lastValueFrom(client.do('getsa', { daddr: '10.0.0.2', spi: 0x300, proto: 'esp' })))).message).to.match(
      /^ESRCH getsa: IPsec state to 10\.0\.0\.2, protocol 'esp', SPI 0x300/,
    );
  });

  it('sends dumps without a body, which the kernel would log as bytes left over', () => {
    for (const op of ['getsa', 'getpolicy']) expect(operationCodec(xfrmSchema, op).encode({}, 'dump')).to.have.length(0);
  });

  it('selects states by protocol and address in the kernel', async () => {
    namespace().batch([
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp min 256 max 512',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.9.9 proto esp min 256 max 512',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto ah min 256 max 512',
      'xfrm state allocspi src 2001:db8::1 dst 2001:db8::2 proto esp min 256 max 512',
    ]);
    const list = async (request: XfrmFamily['dump']['getsa']['request']): Promise<string[]> =>
      (await lastValueFrom(client.list('getsa', request))).map(({ id }) => `${id.proto} ${String(id.daddr)}`).sort();
    expect(await list({ proto: 'ah' })).to.deep.equal(['ah 10.0.0.2']);
    expect(await list({ addressFilter: { daddr: '10.0.0.0/24' } })).to.deep.equal(['ah 10.0.0.2', 'esp 10.0.0.2']);
    expect(await list({ addressFilter: { saddr: '2001:db8::1' } })).to.deep.equal(['esp 2001:db8::2']);
    expect(await list({ proto: 'esp', addressFilter: { daddr: '10.0.9.9' } })).to.deep.equal(['esp 10.0.9.9']);
  });

  it('reads the policies that ip makes', async () => {
    namespace().batch([
      'xfrm policy add dir out src 10.1.0.0/16 dst 10.2.0.0/24 proto tcp dport 80 priority 100 mark 3 mask 7 if_id 9 tmpl src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x100 reqid 7 mode tunnel limit byte-hard 1000 limit time-soft 60',
      'xfrm policy add dir in src ::/0 dst 2001:db8::/32 proto 58 type 128 action block ptype main flag localok flag icmp',
      'xfrm policy add dir fwd src 10.9.0.0/16 dst 0.0.0.0/0 priority 4294967295 tmpl src 10.0.0.1 dst 10.0.0.2 proto comp mode tunnel level use tmpl src 10.0.0.1 dst 10.0.0.2 proto esp mode tunnel',
      'xfrm policy add dir out src 10.4.0.1 dst 10.4.0.2 tmpl proto ah mode transport',
    ]);
    expect(await policies()).to.have.length(4);
    await comparePolicies();
  });

  it('writes policies, which ip lists, and changes, reads and deletes them', async () => {
    const sel = { saddr: '10.1.0.0/16', daddr: '10.2.0.0/24', proto: 6, dport: 443, dportMask: 0xffff };
    const tmpl = [
      {
        id: { daddr: '10.0.0.2', proto: 'esp' },
        saddr: '10.0.0.1',
        reqid: 5,
        mode: 'tunnel',
        aalgos: 0xffff_ffff,
        ealgos: 0xffff_ffff,
        calgos: 0xffff_ffff,
      },
    ] as const;
    const policy = { sel, dir: 'out', lft: UNLIMITED, mark: { v: 1, m: 3 }, ifId: 4, tmpl } as const;
    await lastValueFrom(client.do('newpolicy', { ...policy, priority: 7 }));
    await comparePolicies();
    await lastValueFrom(client.do('updpolicy', { ...policy, priority: 8 }));
    await comparePolicies();
    const key = { dir: 'out', mark: { v: 1, m: 3 }, ifId: 4 } as const;
    const found = await lastValueFrom(client.do('getpolicy', { sel, ...key }));
    expect(found.priority).to.equal(8);
    expect(await lastValueFrom(client.do('getpolicy', { index: found.index, ...key }))).to.deep.equal(found);
    expect((await failure(lastValueFrom(client.do('newpolicy', policy)))).code).to.equal('EEXIST');
    // A row is accepted as the kernel sent it.
    await lastValueFrom(client.do('delpolicy', { sel, ...key }));
    expect(await policies()).to.deep.equal([]);
    await lastValueFrom(client.do('newpolicy', found));
    await comparePolicies();
    const v6 = { sel: { saddr: '2001:db8::1', daddr: '::/0' }, dir: 'in', action: 'block', lft: UNLIMITED } as const;
    await lastValueFrom(client.do('newpolicy', v6));
    await comparePolicies();
    expect(
      (await failure(lastValueFrom(client.do('delpolicy', { sel: { saddr: '10.9.9.9', daddr: '10.2.0.0/24' }, dir: 'out' })))).message,
    ).to.match(/^ENOENT delpolicy: IPsec policy of direction 'out' from 10\.9\.9\.9\/32 to 10\.2\.0\.0\/24/);
  });

  it('rejects what the kernel would accept and ignore', async () => {
    const rejected = async (promise: Promise<unknown>): Promise<string> => ((await failure(promise)) as unknown as EncodeError).message;
    const send = (request: object): Promise<unknown> => lastValueFrom(client.do('newpolicy', request as never));
    expect(await rejected(send({ sel: { saddr: '10.0.0.1', daddr: '2001:db8::1' } }))).to.match(
      /\.sel\.daddr: .* is an IPv6 address but \.sel\.saddr has set family to 2/,
    );
    expect(await rejected(send({ sel: { daddr: '10.0.0.1/33' } }))).to.match(/\.sel\.daddr/);
    expect(await rejected(send({ tmpl: [{ id: { daddr: '10.0.0.1' }, family: 0 }] }))).to.match(/\.tmpl\[0\]\.id\.daddr: .*family is 0/);
    // The kernel reads templates of policies only, and filters a dump of states by protocol and address only.
    expect(await rejected(lastValueFrom(client.do('newsa', { tmpl: [] } as never)))).to.match(/\.tmpl/);
    expect(await rejected(lastValueFrom(client.list('getsa', { mark: { v: 1, m: 1 } } as never)))).to.match(/\.mark/);
    expect(await rejected(lastValueFrom(client.list('getpolicy', { dir: 'out' } as never)))).to.match(/\.dir/);
    expect(
      await rejected(
        lastValueFrom(client.do('newsa', { algAuth: { algName: 'x', algKey: Uint8Array.of(1, 2, 3), algKeyLen: 32 } } as never)),
      ),
    ).to.match(/\.algAuth\.algKeyLen: 32 is not the length of algKey, which has 3 bytes/);
  });

  it('reads the counts and thresholds, and sets the thresholds and the defaults', async () => {
    namespace().batch([
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp',
      'xfrm policy add dir out src 10.1.0.0/16 dst 10.2.0.0/24 action block',
      'xfrm policy add dir in src 10.1.0.0/16 dst 10.2.0.0/24 action block',
    ]);
    const sad = await lastValueFrom(client.do('getsadinfo', {}));
    const spd = await lastValueFrom(client.do('getspdinfo', {}));
    const count = (line: string): number[] =>
      [
        ...namespace()
          .ip(line)
          .matchAll(/\b\d+\b/g),
      ].map(([digits]) => Number(digits));
    const bucketText = count('-s -s xfrm state count');
    expect(bucketText).to.deep.equal(
      [sad.cnt, sad.hinfo?.sadhcnt, sad.hinfo?.sadhmcnt].filter((value) => value !== undefined).slice(0, bucketText.length),
    );
    const { incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt } = spd.info!;
    expect(count('-s xfrm policy count')).to.deep.equal([incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt]);
    await lastValueFrom(client.do('newspdinfo', { ipv4Hthresh: { lbits: 24, rbits: 23 }, ipv6Hthresh: { lbits: 64, rbits: 63 } }));
    const changed = await lastValueFrom(client.do('getspdinfo', {}));
    expect([changed.ipv4Hthresh, changed.ipv6Hthresh]).to.deep.equal([
      { lbits: 24, rbits: 23 },
      { lbits: 64, rbits: 63 },
    ]);
    expect(count('-s -s xfrm policy count').slice(-4)).to.include.members([24, 23, 64, 63]);
    await lastValueFrom(client.do('setdefault', { out: 'block' }));
    const defaults = await lastValueFrom(client.do('getdefault', {}));
    const words = namespace()
      .ip('xfrm policy getdefault')
      .match(/accept|block/g);
    expect([defaults.in, defaults.fwd, defaults.out]).to.deep.equal(words);
    expect(defaults.out).to.equal('block');
    await lastValueFrom(client.do('setdefault', { out: 'accept' }));
    tally.add(16);
  });

  it('emits an acquire event for a packet without a state', async () => {
    namespace().batch([
      'link add xd0 type veth peer name xd1',
      'addr add 10.5.0.1/24 dev xd0',
      'link set xd0 up',
      'link set xd1 up',
      'xfrm policy add dir out src 10.5.0.1 dst 10.5.0.2 tmpl src 10.5.0.1 dst 10.5.0.2 proto esp reqid 11 mode transport',
    ]);
    const received = firstValueFrom(client.notifications('acquire'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const monitor = namespace().start('ip', 'xfrm', 'monitor', 'acquire');
    let printed = '';
    monitor.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    try {
      namespace().run('sh', '-c', 'bash -c "echo x > /dev/udp/10.5.0.2/9" || true');
    } finally {
      monitor.kill('SIGKILL');
    }
    const { op, value } = (await received) as { op: string; value: XfrmFamily['notifications']['acquire'] };
    expect(op).to.equal('acquire');
    expect([value.id.daddr, value.saddr, value.id.proto, value.sel.daddr]).to.deep.equal(['10.5.0.2', '10.5.0.1', 'esp', '10.5.0.2']);
    expect(value.tmpl?.map(({ reqid, mode }) => [reqid, mode])).to.deep.equal([[11, 'transport']]);
    expect(value.policy.sel.saddr).to.equal('10.5.0.1');
    if (printed !== '') expect(printed).to.include(`seq 0x${String(value.seq).padStart(8, '0')}`);
    const index = Number(/^\d+/.exec(namespace().ip('-o link show dev xd0'))?.[0]);
    compare(
      'state',
      (await states()).map((state) => stateText(state, { devices: { [index]: 'xd0' } })),
    );
    namespace().ip('link del xd0');
  }).timeout(20_000);

  it('keeps a collection of policies current', async () => {
    const watcher = watch(client.watch('getpolicy'));
    await watcher.has('none', (rows) => rows.length === 0);
    const sel = { saddr: '10.1.0.0/16', daddr: '10.2.0.0/24' };
    await lastValueFrom(client.do('newpolicy', { sel, dir: 'out', action: 'block', lft: UNLIMITED }));
    namespace().ip(
      'xfrm policy add dir in src 10.7.0.0/16 dst 10.8.0.0/16 priority 3 tmpl src 10.0.0.1 dst 10.0.0.2 proto esp mode tunnel',
    );
    compare(
      'policy',
      (await watcher.has('both', (rows) => rows.length === 2)).map((policy) => policyText(policy)),
    );
    await lastValueFrom(client.do('updpolicy', { sel, dir: 'out', action: 'allow', priority: 5, lft: UNLIMITED }));
    compare(
      'policy',
      (await watcher.has('the change', (rows) => rows.some(({ priority }) => priority === 5))).map((policy) => policyText(policy)),
    );
    await lastValueFrom(client.do('delpolicy', { sel, dir: 'out' }));
    const [left] = await watcher.has('one', (rows) => rows.length === 1);
    namespace().ip(`xfrm policy delete dir in index ${left!.index}`);
    await watcher.has('none again', (rows) => rows.length === 0);
    expect(watcher.reasons).to.deep.equal(['initial']);
    namespace().ip('xfrm policy add dir out src 10.1.0.0/16 dst 10.2.0.0/24 action block');
    await watcher.has('a new one', (rows) => rows.length === 1);
    namespace().ip('xfrm policy flush');
    await watcher.has('none after a flush', (rows) => rows.length === 0);
    namespace().ip('xfrm policy add dir out src 10.1.0.0/16 dst 10.2.0.0/24 action block limit time-hard 1');
    await watcher.has('one that expires', (rows) => rows.length === 1);
    await watcher.has('none after the expiry', (rows) => rows.length === 0);
  }).timeout(30_000);

  it('reports the notifications of policies by name', async () => {
    const received = firstValueFrom(client.notifications('policy').pipe(take(4), toArray()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    namespace().batch([
      'xfrm policy add dir out src 10.1.0.0/16 dst 10.2.0.0/24 action block',
      'xfrm policy update dir out src 10.1.0.0/16 dst 10.2.0.0/24 action allow',
      'xfrm policy delete dir out src 10.1.0.0/16 dst 10.2.0.0/24',
      'xfrm policy add dir in src 10.1.0.0/16 dst 10.2.0.0/24 action block',
    ]);
    const events = await received;
    expect(events.map(({ op }) => op)).to.deep.equal(['newpolicy-ntf', 'updpolicy-ntf', 'delpolicy-ntf', 'newpolicy-ntf']);
    const gone = events[2]!.value as XfrmFamily['notifications']['delpolicy-ntf'];
    expect([gone.sel.saddr, gone.dir, gone.policy?.action]).to.deep.equal(['10.1.0.0', 'out', 'allow']);
  });
});
