import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { conntrackSchema } from '../../lib/families/conntrack.js';
import { nftablesSchema } from '../../lib/families/nftables.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { sockDiagSchema } from '../../lib/families/sock_diag.js';
import { agent, fleet, type AgentOptions } from '../../lib/fleet/index.js';
import { open as openConntrack } from '../../lib/fleet/sampled/readers/conntrack-statistics.js';
import { open as openFirewall } from '../../lib/fleet/sampled/readers/firewall-counters.js';
import { open as openLinks } from '../../lib/fleet/sampled/readers/link-counters.js';
import type { ReaderOptions, SampledReader } from '../../lib/fleet/sampled/readers/reader.js';
import { open as openSockets } from '../../lib/fleet/sampled/readers/sockets.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel, type FakeKernel } from '../../lib/testing/index.js';
import { FakeNats } from './fake-nats.js';

const counters = {
  ...{ rxPackets: 2n ** 33n, txPackets: 0n, rxBytes: 2n ** 63n, txBytes: 0n, rxErrors: 0n, txErrors: 0n, rxDropped: 0n, txDropped: 0n },
  ...{ multicast: 0n, collisions: 0n, rxLengthErrors: 0n, rxOverErrors: 0n, rxCrcErrors: 0n, rxFrameErrors: 0n, rxFifoErrors: 0n },
  ...{ rxMissedErrors: 0n, txAbortedErrors: 0n, txCarrierErrors: 0n, txFifoErrors: 0n, txHeartbeatErrors: 0n, txWindowErrors: 0n },
  ...{ rxCompressed: 0n, txCompressed: 0n, rxNohandler: 0n, rxOtherhostDropped: 0n },
};

/** Returns the rows that a reader emits, by their keys. */
async function rowsOf<Row extends object>(open: (options: ReaderOptions) => SampledReader<Row>, kernel: FakeKernel): Promise<object> {
  const { read, keyOf, close } = open({ transport: kernel });
  const rows = await lastValueFrom(read).finally(close);
  expect(kernel.sockets).to.deep.equal([]);
  return Object.fromEntries(rows.map((row) => [keyOf(row), row]));
}

describe('readers of sampled tables', () => {
  it('read the counters of links with 64 bits, and omit a link without them', async () => {
    const links = [
      { ifiIndex: 1, ifname: 'lo', mtu: 65_536, stats64: counters },
      { ifiIndex: 2, ifname: 'a' },
    ];
    const kernel = fakeKernel(fakeFamilies(fakeFamily(rtLinkSchema, { dump: { getlink: () => links } })));
    expect(await rowsOf(openLinks, kernel)).to.deep.equal({ '1': { ifiIndex: 1, ifname: 'lo', ...counters } });
  });

  it('count sockets by protocol, address family and state, without those of a module that the kernel lacks', async () => {
    const socket = (family: 2 | 10, state: 'listen' | 'close' | 'established') => ({
      family,
      state,
      rqueue: 0,
      wqueue: 0,
      uid: 0,
      inode: 1,
    });
    const dumps = {
      inet: ({ family, protocol }: { readonly family?: number; readonly protocol?: unknown }) => {
        if (protocol === 'raw') return errorReply('ENOENT');
        if (protocol === 'udp') return family === 2 ? [socket(2, 'close')] : [];
        return family === 2 ? [socket(2, 'listen'), socket(2, 'established'), socket(2, 'established')] : [socket(10, 'listen')];
      },
      unix: () => [{ family: 1, type: 'stream', state: 'listen', ino: 5 }],
    };
    const kernel = fakeKernel(fakeFamilies(fakeFamily(sockDiagSchema, { dump: dumps as never })));
    expect(await rowsOf(openSockets, kernel)).to.deep.equal({
      'tcp ipv4 listen': { protocol: 'tcp', addressFamily: 'ipv4', state: 'listen', count: 1 },
      'tcp ipv4 established': { protocol: 'tcp', addressFamily: 'ipv4', state: 'established', count: 2 },
      'tcp ipv6 listen': { protocol: 'tcp', addressFamily: 'ipv6', state: 'listen', count: 1 },
      'udp ipv4 close': { protocol: 'udp', addressFamily: 'ipv4', state: 'close', count: 1 },
      'unix unix listen': { protocol: 'unix', addressFamily: 'unix', state: 'listen', count: 1 },
    });
  });

  it('read the statistics of connection tracking of each processor', async () => {
    const rows = [0, 1].map((cpu) => ({ nfgenFamily: 0, version: 0, resId: cpu, found: 7 + cpu, drop: 2 ** 32 - 1 }));
    const kernel = fakeKernel(fakeFamilies(fakeFamily(conntrackSchema, { dump: { 'get-stats': () => rows } })));
    expect(await rowsOf(openConntrack, kernel)).to.deep.equal({
      '0': { cpu: 0, found: 7, drop: 4_294_967_295 },
      '1': { cpu: 1, found: 8, drop: 4_294_967_295 },
    });
  });

  it('read the counters of nftables with a name', async () => {
    const dump = {
      getobj: () => [
        { nfgenFamily: 1, version: 0, resId: 0, table: 'app', name: 'k', type: 'counter', data: { packets: 3n, bytes: 252n } },
      ],
      getrule: () => [],
    };
    const kernel = fakeKernel(fakeFamilies(fakeFamily(nftablesSchema, { dump: dump as never })));
    expect(await rowsOf(openFirewall, kernel)).to.deep.equal({
      'counter inet app k': { name: 'counter inet app k', packets: 3n, bytes: 252n },
    });
  });
});

describe('the options of sampled tables', () => {
  const nats = new FakeNats();
  const errorOf = (options: Partial<AgentOptions>): string => {
    try {
      agent(nats.connect(), { host: 'a', ...options }).subscribe();
      return '';
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };

  it('reject an unknown name and an interval below a second before anything is published', () => {
    expect(errorOf({ tables: ['link-counter'] })).to.match(/^TypeError: agent: unknown table 'link-counter'; did you mean link-counters/);
    expect(errorOf({ tables: ['sampled/link-counter'] })).to.match(
      /^TypeError: agent: unknown table 'link-counter'; did you mean link-counters\? Other/,
    );
    expect(errorOf({ tables: ['sockets', 'sampled/sockets'] })).to.equal("TypeError: agent: table 'sampled/sockets' is listed twice");
    expect(errorOf({ tables: ['sockets'], sample: 999 })).to.match(/^RangeError: agent: sample.*1000/);
    expect(errorOf({ tables: ['sockets'], sample: '10s' as never })).to.match(/^TypeError: agent: sample/);
    expect(nats.published).to.deep.equal([]);
  });

  it('reject an operation of a sampled table, and the name of no table', () => {
    const reader = fleet(Object.assign(nats.connect(), { options: {}, closed: () => new Promise<undefined>(() => undefined) }));
    const watch = reader.watch.bind(reader) as (...words: readonly unknown[]) => unknown;
    expect(() => watch('link-counters', 'getlink')).to.throw(
      TypeError,
      '\'link-counters\' is a sampled table, and has no operation; omit "getlink"',
    );
    expect(() => watch('link-counters', { pik: [] })).to.throw(TypeError, 'pik');
    expect(() => watch('link-counter')).to.throw(TypeError, "unknown family 'link-counter'; did you mean link-counters");
    expect(() => watch('rt-link')).to.throw(TypeError, 'operation');
  });
});
