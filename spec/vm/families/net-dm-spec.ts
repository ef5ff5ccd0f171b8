import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { filter, firstValueFrom, type Observable } from 'rxjs';

import { netDm, type NetDmFamily } from '../../../lib/families/net_dm.js';
import type { FamilyClient } from '../../../lib/index.js';
import { spawnSync } from '../../support/programs.js';
import { last, modules, run } from '../support.js';

const NAMESPACE = 'vm-net-dm';
const TEXT = 'a packet for a closed port';
const PORT = 4909;

type Packet = NetDmFamily['notifications']['packet-alert'];
type Summary = NetDmFamily['notifications']['alert'];

/** Sends packets to a port without a socket. */
function send(count: number): void {
  const script = `for i in $(seq ${count}); do printf '${TEXT}' >/dev/udp/127.0.0.1/${PORT}; done 2>/dev/null; true`;
  expect(spawnSync('ip', ['netns', 'exec', NAMESPACE, 'bash', '-c', script]).status).to.equal(0);
}

/** Returns the address of a text such as `udp_queue_rcv+0x1a/0x40`. Several functions may have one name. */
function addresses(symbol: string): bigint[] {
  const [, name, offset] = /^(\w+)\+(0x[0-9a-f]+)\//.exec(symbol)!;
  return readFileSync('/proc/kallsyms', 'utf8')
    .split('\n')
    .filter((line) => line.split(/\s/)[2] === name)
    .map((line) => BigInt(`0x${line.split(' ')[0]!}`) + BigInt(offset!));
}

describe('net_dm on the wide kernel', () => {
  let client: FamilyClient<NetDmFamily>;

  /** Starts the monitor, sends packets until an event matches, and stops it. */
  const dropped = async <Value>(events: Observable<{ readonly value: Value }>, matches: (value: Value) => boolean): Promise<Value> => {
    const found = firstValueFrom(events.pipe(filter(({ value }) => matches(value))));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await last(client.do('start', { swDrops: true }));
    try {
      send(3);
      return (await found).value;
    } finally {
      await last(client.do('stop', { swDrops: true }));
    }
  };
  const packets = (): Observable<{ readonly value: Packet }> =>
    client
      .notifications('events')
      .pipe(filter((event): event is Extract<typeof event, { op: 'packet-alert' }> => event.op === 'packet-alert'));
  const summaries = (): Observable<{ readonly value: Summary }> =>
    client.notifications('events').pipe(filter((event): event is Extract<typeof event, { op: 'alert' }> => event.op === 'alert'));
  const isOurs = ({ payload }: Packet): boolean => Buffer.from(payload ?? []).includes(TEXT);

  before(() => {
    modules('drop_monitor');
    run(`ip netns add ${NAMESPACE}`);
    run(`ip -n ${NAMESPACE} link set lo up`);
    client = netDm();
  });
  after(() => {
    client?.close();
    run(`ip netns del ${NAMESPACE}`);
  });

  it('reads what it configures', async () => {
    await last(client.do('config', { alertMode: 'packet', truncLen: 80, queueLen: 50 }));
    expect(await last(client.do('config-get'))).to.deep.equal({ alertMode: 'packet', truncLen: 80, queueLen: 50 });
    await last(client.do('config', { alertMode: 'summary', truncLen: 0, queueLen: 1000 }));
    expect(await last(client.do('config-get'))).to.deep.equal({ alertMode: 'summary', truncLen: 0, queueLen: 1000 });
    expect(await last(client.do('stats-get'))).to.deep.equal({ stats: { dropped: 0n }, hwStats: { dropped: 0n } });
  });

  it('emits a dropped packet with its bytes, its place and its reason', async () => {
    await last(client.do('config', { alertMode: 'packet', truncLen: 0 }));
    const packet = await dropped(packets(), isOurs);
    expect(packet).to.deep.include({ origin: 'sw', proto: 0x0800, reason: 'NO_SOCKET' });
    expect(packet.inPort).to.deep.equal({ netdevIfindex: 1 });
    expect(addresses(packet.symbol!)).to.include(packet.pc);
    expect(Math.abs(Number(packet.timestamp! / 1_000_000n) - Date.now())).to.be.below(60_000);
    // Ethernet of the loopback interface, IPv4, UDP.
    const bytes = Buffer.from(packet.payload!);
    expect(bytes.subarray(0, 14).toString('hex')).to.equal(`${'00'.repeat(12)}0800`);
    expect([bytes[14], bytes.readUInt16BE(16), bytes[23]]).to.deep.equal([0x45, 28 + TEXT.length, 17]);
    expect(bytes.subarray(26, 34).toString('hex')).to.equal('7f0000017f000001');
    expect([bytes.readUInt16BE(36), bytes.readUInt16BE(38)]).to.deep.equal([PORT, 8 + TEXT.length]);
    expect(bytes.subarray(42).toString()).to.equal(TEXT);
    expect(packet.origLen).to.equal(bytes.length);
  });

  it('truncates packets, and has their whole length', async () => {
    await last(client.do('config', { alertMode: 'packet', truncLen: 60 }));
    const packet = await dropped(packets(), ({ reason, payload }) => reason === 'NO_SOCKET' && payload?.length === 60);
    expect(packet.origLen).to.equal(42 + TEXT.length);
  });

  it('counts packets by their place', async () => {
    await last(client.do('config', { alertMode: 'packet', truncLen: 0 }));
    const { pc } = await dropped(packets(), isOurs);
    await last(client.do('config', { alertMode: 'summary' }));
    const summary = await dropped(summaries(), ({ unspec }) => unspec?.points.some((point) => point.pc === pc) === true);
    expect(summary.unspec!.entries).to.equal(summary.unspec!.points.length);
    expect(summary.unspec!.points.find((point) => point.pc === pc)!.count).to.be.within(1, 3);
  });

  it('rejects a configuration while it runs, with the words of the kernel', async () => {
    await last(client.do('start', { swDrops: true }));
    const error: unknown = await last(client.do('config', { alertMode: 'packet' })).catch((reason: unknown) => reason);
    await last(client.do('stop', { swDrops: true }));
    expect(error).to.include({ name: 'KernelError', code: 'EBUSY' });
    expect((error as Error).message).to.match(/Cannot configure drop monitor during monitoring/);
  });
});
