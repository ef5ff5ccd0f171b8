import { expect } from 'chai';
import { nflog, type NfLogOptions, type PacketEvent } from '../../../lib/families/nfnetlink_log.js';
import { KernelError, OverrunError, resyncOnOverrun } from '../../../lib/index.js';
import { PORT, SOURCE, hex, udpPacket, usePacketLink, type PacketLink } from './packet-link.js';
import { rounds } from '../../support/rounds.js';
import { pause, until as untilNamed } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';

const GROUP = 5;
const text = (data: string) => new TextEncoder().encode(data);
const until = (condition: () => boolean, milliseconds?: number) => untilNamed(condition.toString(), condition, milliseconds);

describe('nflog', function () {
  this.timeout(60_000);
  const use = usePacketLink();
  const tally = useTally('the sender, ip and /proc');
  let link: PacketLink;

  before(() => (link = use()));

  /** Subscribes to a group in the receiving namespace. */
  const start = (options: NfLogOptions = {}, group = GROUP) => {
    const log = nflog(group, { netns: link.receiver.path, ...options });
    const packets: PacketEvent[] = [];
    const errors: unknown[] = [];
    const subscription = log.subscribe({ next: (packet) => packets.push(packet), error: (error: unknown) => errors.push(error) });
    use.subscriptions.push(subscription, { unsubscribe: () => log.close() });
    return { log, packets, errors, subscription };
  };
  const rule = (rest: string) =>
    link.rule(`-A INPUT -p udp --dport ${String(PORT)} -j NFLOG --nflog-group ${String(GROUP)} ${rest}`.trim());

  /** The rows of /proc: group, port ID, packets in the datagram, copy mode, copy range, timeout, users. */
  const proc = () =>
    link.receiver
      .run('cat', '/proc/net/netfilter/nfnetlink_log')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .find(([group]) => group === GROUP);

  it('delivers packets byte for byte, with the properties of rule, device and packet', async () => {
    link.rule('-t mangle -A INPUT -j MARK --set-mark 77');
    rule('--nflog-prefix hello');
    const { log, packets } = start({ threshold: 1 });
    expect(proc()).to.deep.equal([GROUP, log.client.socket.portId, 0, 2, 65531, 100, 1]);
    const sent = ['one', 'two', ''].map((word, index) => udpPacket(index + 1, text(word)));
    sent.push(
      udpPacket(
        9,
        Uint8Array.from({ length: 1400 }, (_, index) => index & 255),
      ),
    );
    const began = Date.now() / 1000;
    link.send(...sent);
    await until(() => packets.length === 4);
    expect(packets.map(({ payload }) => hex(payload!))).to.deep.equal(sent.map(hex));
    const [{ ifindex }] = JSON.parse(link.receiver.ip('-j link show dev v1')) as [{ ifindex: number }];
    for (const [index, packet] of packets.entries()) {
      const { timestamp, payload: _payload, ...rest } = packet;
      expect(rest).to.deep.equal({
        ...{ nfgenFamily: 2, version: 0, resId: GROUP, packetHdr: { hwProtocol: 0x0800, hook: 1 }, prefix: 'hello' },
        ...{ ifindexIndev: ifindex, mark: 77, seq: index, hwtype: 1, hwlen: 14 },
        hwaddr: { hwAddrlen: 6, hwAddr: Uint8Array.of(2, 0, 0, 0, 0x77, 1, 0, 0) },
        hwheader: Uint8Array.of(2, 0, 0, 0, 0x77, 2, 2, 0, 0, 0, 0x77, 1, 8, 0),
      });
      // Older kernels give a time to packets only while a program asks for times of packets.
      if (timestamp === undefined) continue;
      expect(Number(timestamp.sec) + Number(timestamp.usec) / 1e6).to.be.within(began - 1, Date.now() / 1000 + 1);
    }
    tally.add(4 * 13 + 7);
  });

  it('delivers the packets of one datagram, and counts none of its messages as a stray', async () => {
    rule('');
    const { log, packets } = start({ threshold: 3, timeout: 1000 });
    link.send(...[1, 2, 3, 4].map((id) => udpPacket(id, text(`p${String(id)}`))));
    await until(() => packets.length === 3);
    expect(proc()![2]).to.equal(1);
    await until(() => packets.length === 4);
    expect(proc()!.slice(4, 6)).to.deep.equal([65531, 100]);
    expect(log.client.socket.counters).to.include({ strays: 0, unknown: 0 });
    expect(packets.map(({ seq }) => seq)).to.deep.equal([0, 1, 2, 3]);
    tally.add(7);
  });

  it('copies a part of the packets, or their properties only', async () => {
    rule('');
    const { packets, subscription } = start({ threshold: 1, copyRange: 24 });
    const packet = udpPacket(1, text('data'));
    link.send(packet);
    await until(() => packets.length === 1);
    expect(hex(packets[0]!.payload!)).to.equal(hex(packet.subarray(0, 24)));
    expect(proc()!.slice(3, 5)).to.deep.equal([2, 24]);
    subscription.unsubscribe();
    await pause(5);
    expect(proc()).to.equal(undefined);
    const meta = start({ threshold: 1, copyRange: 0 });
    link.send(packet);
    await until(() => meta.packets.length === 1);
    expect(meta.packets[0]).not.to.have.property('payload');
    expect(proc()![3]).to.equal(1);
    tally.add(4);
  });

  it('numbers the packets of all groups together, and reports the owner of a local sender', async () => {
    rule('');
    link.rule('-A OUTPUT -p udp --dport 7 -j NFLOG --nflog-group 6');
    const [one, two] = [start({ threshold: 1, sequenceGlobal: true }), start({ threshold: 1, sequenceGlobal: true }, 6)];
    const script = `import socket, os; os.setgid(1234); os.setuid(4321); socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('${SOURCE}', 7))`;
    link.send(udpPacket(1, text('a')));
    link.receiver.run('python3', '-c', script);
    link.send(udpPacket(2, text('b')));
    await until(() => one.packets.length === 2 && two.packets.length === 1);
    const [first] = one.packets;
    const numbers = [...one.packets, ...two.packets].map(({ seq, seqGlobal }) => [seq, seqGlobal! - first!.seqGlobal!]);
    expect(numbers).to.deep.equal([
      [0, 0],
      [1, 2],
      [0, 1],
    ]);
    expect(two.packets[0]).to.deep.include({ uid: 4321, gid: 1234, resId: 6, packetHdr: { hwProtocol: 0x0800, hook: 3 } });
    tally.add(11);
  });

  it('fails with EPERM when another socket has bound the group', async () => {
    start();
    const { errors } = start();
    await until(() => errors.length === 1);
    expect(errors[0]).to.be.instanceOf(KernelError);
    expect((errors[0] as Error).message).to.equal(
      `EPERM config: log group ${String(GROUP)} (another socket has bound it, or CAP_NET_ADMIN in its namespace is missing)`,
    );
  });

  it('ends with the number of datagrams that the kernel dropped, when the consumer is slower than the log', async () => {
    rule('');
    const { log, packets, errors } = start({ threshold: 1, receiveBufferSize: 20_000 });
    link.sendMany(udpPacket(1, new Uint8Array(100)), 500);
    await until(() => errors.length === 1);
    expect(errors[0])
      .to.be.instanceOf(OverrunError)
      .with.property('dropped', 500 - packets.length);
    expect(log.client.socket.counters.overruns).to.equal(1);
    tally.add(1);
  });

  it('loses no packet of many without a report', async () => {
    rule('');
    link.rule('-A INPUT -p udp -j DROP');
    const count = rounds(5000, 100_000);
    const log = nflog(GROUP, { netns: link.receiver.path, threshold: 100, bufferSize: 65_536, timeout: 50 });
    let [seen, lost, last, overruns] = [0, 0, -1, 0];
    const began = process.cpuUsage();
    const subscription = log
      .pipe(
        resyncOnOverrun(() => {
          overruns++;
        }),
      )
      .subscribe(({ seq = 0 }) => {
        seen++;
        lost += seq - last - 1;
        last = seq;
      });
    use.subscriptions.push(subscription, { unsubscribe: () => log.close() });
    link.sendInBackground(udpPacket(1, new Uint8Array(64)), count);
    await until(() => seen + lost === count, 50_000);
    const { user, system } = process.cpuUsage(began);
    expect(lost > 0).to.equal(overruns > 0);
    process.stdout.write(
      `      ${String(count)} packets: ${String(seen)} received, ${String(lost)} lost and reported, ${String(Math.round((user + system) / 1000))} ms of CPU time\n`,
    );
  });
});
