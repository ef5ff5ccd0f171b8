import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtTunnel, TunnelMsgFlag, type RtTunnelFamily } from '../../../lib/families/rt-tunnel.js';
import type { KernelError } from '../../../lib/index.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { requirePrograms } from '../../support/programs.js';
import { useWatchers } from '../live/watcher.js';
import { json } from './names.js';

/** A device of `bridge -j vni`. */
interface Shown {
  readonly ifname: string;
  readonly vnis: readonly { readonly vni: number; readonly vniEnd?: number; readonly group?: string; readonly remote?: string }[];
}

describe('rtTunnel', () => {
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: WatchableClient<RtTunnelFamily, 'gettunnel'>;
  let ifindex = 0;

  const shown = (): Shown['vnis'] => json<Shown>(namespace(), 'bridge -j vni show dev vx0').flatMap(({ vnis }) => vnis);
  const read = async (): Promise<Shown['vnis']> =>
    (await lastValueFrom(client.list('gettunnel', { ifindex })))
      .flatMap(({ entry }) => entry ?? [])
      .map(({ start, end, group, group6 }) => ({
        vni: start!,
        ...(end !== undefined && { vniEnd: end }),
        ...((group ?? group6) && { [/^(2[23]|ff)/.test(group ?? group6!) ? 'group' : 'remote']: group ?? group6 }),
      }));
  const write = (
    op: 'newtunnel' | 'deltunnel',
    entry: NonNullable<RtTunnelFamily['do']['newtunnel']['request']['entry']>,
  ): Promise<unknown> => lastValueFrom(client.do(op, { ifindex, entry }));

  before(function () {
    requirePrograms('bridge');
    try {
      namespace().ip('link add vx0 type vxlan dstport 4789 external vnifilter dev lo');
      namespace().run('bridge', '-j', 'vni', 'show', 'dev', 'vx0');
    } catch (error) {
      skipBecause(this, 'this kernel has no VXLAN devices with a VNI filter', error);
    }
    namespace().ip('link set vx0 up');
    ifindex = json<{ ifindex: number }>(namespace(), 'ip -j link show vx0')[0]!.ifindex;
    client = rtTunnel({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  it('reads the VNIs that bridge writes', async () => {
    for (const words of ['vni 100-110', 'vni 200 group 239.1.1.1', 'vni 300 remote 10.0.0.9', 'vni 301 remote fd00::9'])
      namespace().run('bridge', ...`vni add dev vx0 ${words}`.split(' '));
    expect(shown()).to.deep.equal([
      { vni: 100, vniEnd: 110 },
      { vni: 200, group: '239.1.1.1' },
      { vni: 300, remote: '10.0.0.9' },
      { vni: 301, remote: 'fd00::9' },
    ]);
    expect(await read()).to.deep.equal(shown());
  });

  it('writes and deletes VNIs, which bridge lists in between', async () => {
    const before = shown();
    await write('newtunnel', [
      { start: 500, end: 502 },
      { start: 600, group: '10.0.0.7' },
      { start: 601, group6: 'fd00::7' },
    ]);
    const rows = [
      { vni: 500, vniEnd: 502 },
      { vni: 600, remote: '10.0.0.7' },
      { vni: 601, remote: 'fd00::7' },
    ];
    expect(shown()).to.deep.equal([...before, ...rows]);
    expect(await read()).to.deep.equal(shown());
    await write('deltunnel', [{ start: 500, end: 502 }, { start: 600 }, { start: 601 }]);
    expect(shown()).to.deep.equal(before);
  });

  it('reads counters of each VNI', async () => {
    const [row] = await lastValueFrom(client.list('gettunnel', { ifindex, flags: TunnelMsgFlag.Stats }));
    const zero = { rxBytes: 0n, rxPkts: 0n, rxDrops: 0n, rxErrors: 0n, txBytes: 0n, txPkts: 0n, txDrops: 0n, txErrors: 0n };
    expect(row!.entry!.find(({ start }) => start === 105)).to.deep.equal({ start: 105, stats: zero });
  });

  it('watches the VNIs of devices', async () => {
    const watcher = watch(client.watch('gettunnel'));
    const vnis = (): number[] => (watcher.entries ?? []).flatMap(({ entry }) => entry ?? []).map(({ start }) => start!);
    await watcher.has('the device', () => vnis().includes(300));
    namespace().run('bridge', ...'vni add dev vx0 vni 900'.split(' '));
    await watcher.has('the VNI', () => vnis().includes(900));
    namespace().run('bridge', ...'vni del dev vx0 vni 900'.split(' '));
    await watcher.has('no VNI', () => !vnis().includes(900));
    namespace().ip('link add vx1 type vxlan dstport 4790 external vnifilter');
    namespace().run('bridge', ...'vni add dev vx1 vni 77'.split(' '));
    await watcher.has('a second device', (rows) => rows.length === 2);
    namespace().ip('link del vx1');
    await watcher.has('the first device only', (rows) => rows.length === 1);
  });

  it('names the device in errors, and rejects a request without VNIs', async () => {
    const failure = (promise: Promise<unknown>): Promise<Error> =>
      promise.then(
        () => expect.fail('it succeeded'),
        (error: unknown) => error as Error,
      );
    const error = (await failure(write('deltunnel', [{ start: 4000 }]))) as KernelError;
    expect(error.message).to.match(/^ENOENT deltunnel: VNIs of interface \d+/);
    expect((await failure(lastValueFrom(client.do('newtunnel', { ifindex } as never)))).name).to.equal('EncodeError');
    expect((await failure(write('newtunnel', [{ start: 1, group: '10.0.0.1', group6: 'fd00::1' }]))).name).to.equal('EncodeError');
  });
});
