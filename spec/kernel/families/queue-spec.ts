import { expect } from 'chai';
import { firstValueFrom, type Subscription } from 'rxjs';
import { conntrackSchema } from '../../../lib/families/conntrack.js';
import { nfqueue, type NfQueue, type NfQueueOptions, type QueueReport, type QueuedPacket } from '../../../lib/families/nfnetlink_queue.js';
import { KernelError, OverrunError, isKernelError, resyncOnOverrun } from '../../../lib/index.js';
import { operationCodec } from '../../../lib/schema/index.js';
import { skipBecause } from '../../support/namespace.js';
import { DESTINATION, PORT, SOURCE, hex, udpPacket, usePacketLink, type PacketLink } from './packet-link.js';
import { rounds } from '../../support/rounds.js';
import { pause, until as untilNamed } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';

const QUEUE = 5;
const text = (data: string) => new TextEncoder().encode(data);
const data = (packet: QueuedPacket) => Buffer.from(packet.payload.subarray(28)).toString();
const plain = (datagrams: readonly string[]) => datagrams.map((line) => Buffer.from(line, 'hex').toString());
const until = (condition: () => boolean, milliseconds?: number) => untilNamed(condition.toString(), condition, milliseconds);

describe('nfqueue', function () {
  this.timeout(60_000);
  const use = usePacketLink();
  const tally = useTally('the sender, the receiver and /proc');
  let link: PacketLink;

  before(() => (link = use()));
  beforeEach(() => link.rule(`-t mangle -A INPUT -p udp --dport ${PORT} -m mark ! --mark 1 -j NFQUEUE --queue-num ${QUEUE}`));

  /** Subscribes to a queue in the receiving namespace. */
  const start = (options: NfQueueOptions = {}, number = QUEUE) => {
    const queue = nfqueue(number, { netns: link.receiver.path, ...options });
    const packets: QueuedPacket[] = [];
    const errors: unknown[] = [];
    const subscription = queue.subscribe({ next: (packet) => packets.push(packet), error: (error: unknown) => errors.push(error) });
    use.subscriptions.push(subscription, { unsubscribe: () => queue.close() });
    queue.reports.subscribe((report) => reports.push(report));
    return { queue, packets, errors, subscription };
  };
  const reports: QueueReport[] = [];

  /** The rows of /proc: queue, port ID, waiting, copy mode, copy range, dropped, dropped by the socket, last packet, 1. */
  const proc = (queue = QUEUE) =>
    link.receiver
      .run('cat', '/proc/net/netfilter/nfnetlink_queue')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .find(([number]) => number === queue);

  it('delivers packets byte for byte, and accepts or drops them', async () => {
    const { queue, packets } = start();
    const sent = ['one', 'two', 'three', ''].map((word, index) => udpPacket(index + 1, text(word)));
    sent.push(
      udpPacket(
        9,
        Uint8Array.from({ length: 1400 }, (_, index) => index & 255),
      ),
    );
    link.send(...sent);
    await until(() => packets.length === 5);
    expect(packets.map(({ payload }) => hex(payload))).to.deep.equal(sent.map(hex));
    expect(packets.map(({ id, length }) => [id, length])).to.deep.equal(sent.map((bytes, index) => [index + 1, bytes.byteLength]));
    const index = (JSON.parse(link.receiver.ip('-j link show dev v1')) as { ifindex: number }[])[0]!.ifindex;
    for (const { event } of packets) {
      expect(event).to.deep.include({ nfgenFamily: 2, resId: QUEUE, ifindexIndev: index });
      expect(event.packetHdr).to.deep.include({ hwProtocol: 0x0800, hook: 1 });
      expect(event.hwaddr).to.deep.equal({ hwAddrlen: 6, hwAddr: Uint8Array.of(2, 0, 0, 0, 0x77, 1, 0, 0) });
    }
    expect(proc()).to.deep.equal([QUEUE, queue.client.socket.portId, 5, 2, 65531, 0, 0, 5, 1]);
    for (const packet of packets) if (data(packet) === 'two') packet.drop();
    for (const packet of packets) if (packet.isWaiting) packet.accept();
    await until(() => link.received.length === 4);
    expect(plain(link.received.slice(0, 3))).to.deep.equal(['one', 'three', '']);
    expect(link.received[3]).to.equal(hex(sent[4]!.subarray(28)));
    expect(proc()![2]).to.equal(0);
    tally.add(5 * 8 + 9 + 5);
  });

  it('replaces the payload: longer, shorter, and of a packet that was copied in part', async () => {
    const { packets } = start({ copyRange: 30 });
    link.send(...[1, 2, 3].map((id) => udpPacket(id, text('original'))));
    await until(() => packets.length === 3);
    expect(packets.map(({ payload, length }) => [payload.byteLength, length])).to.deep.equal([
      [30, 36],
      [30, 36],
      [30, 36],
    ]);
    packets[0]!.verdict({ payload: udpPacket(1, text('a longer text than before')) });
    packets[1]!.verdict({ payload: udpPacket(2, text('short')) });
    packets[2]!.accept();
    await until(() => link.received.length === 3);
    expect(plain(link.received)).to.deep.equal(['a longer text than before', 'short', 'original']);
    tally.add(6);
  });

  it('marks packets, repeats the hook, and passes packets to another queue', async () => {
    link.rule('-A INPUT -m mark --mark 7');
    link.rule('-A INPUT -m mark --mark 1');
    const { packets } = start();
    const other = start({}, 6);
    link.send(...[1, 2, 3].map((id) => udpPacket(id, text(`p${id}`))));
    await until(() => packets.length === 3);
    packets[0]!.verdict({ mark: 7 });
    packets[1]!.verdict({ verdict: 'repeat', mark: 1 });
    packets[2]!.verdict({ queue: 6 });
    await until(() => other.packets.length === 1);
    expect(data(other.packets[0]!)).to.equal('p3');
    expect(other.packets[0]!.event.resId).to.equal(6);
    other.packets[0]!.accept();
    await until(() => link.received.length === 3);
    expect(plain(link.received)).to.have.members(['p1', 'p2', 'p3']);
    expect(link.counts('filter', 'INPUT')).to.deep.equal([1, 1]);
    expect(packets.length).to.equal(3);
    tally.add(7);
  });

  it('decides a batch of packets with one verdict', async () => {
    const { queue, packets } = start();
    link.send(...[1, 2, 3, 4, 5].map((id) => udpPacket(id, text(`p${id}`))));
    await until(() => packets.length === 5);
    packets[2]!.verdictBatch();
    await until(() => link.received.length === 3);
    expect([proc()![2], queue.waiting]).to.deep.equal([2, 2]);
    packets[4]!.verdictBatch({ verdict: 'drop' });
    await pause(50);
    expect(plain(link.received)).to.deep.equal(['p1', 'p2', 'p3']);
    expect(proc()![2]).to.equal(0);
    tally.add(5);
  });

  it('reports the packets without a verdict when it closes; the kernel has dropped them', async () => {
    const { queue, packets, subscription } = start();
    const report = firstValueFrom(queue.reports);
    link.send(udpPacket(1, text('a')), udpPacket(2, text('b')));
    await until(() => packets.length === 2);
    subscription.unsubscribe();
    expect(await report).to.deep.equal({ type: 'undecided', ids: [1, 2] });
    expect(proc()).to.equal(undefined);
    expect(packets[0]!.accept()).to.equal(false);
    await pause(50);
    expect(link.received).to.deep.equal([]);
  });

  it('reports a verdict that the kernel rejects, because the packet is gone', async () => {
    const { queue, packets } = start();
    const report = firstValueFrom(queue.reports);
    link.send(udpPacket(1, text('a')));
    await until(() => packets.length === 1);
    queue.client.send('verdict', { resId: QUEUE, verdictHdr: { verdict: 'drop', id: 1 } });
    packets[0]!.accept();
    expect(await report).to.have.property('type', 'rejected');
    expect(await report)
      .to.have.property('error')
      .that.has.property('code', 'ENOENT');
  });

  it('fails with EPERM when another socket has bound the queue', async () => {
    start();
    const { errors } = start();
    await until(() => errors.length === 1);
    expect(errors[0]).to.be.instanceOf(KernelError).with.property('code', 'EPERM');
    expect((errors[0] as Error).message).to.equal(
      `EPERM config: queue ${QUEUE} (another socket has bound it, or CAP_NET_ADMIN in its namespace is missing)`,
    );
  });

  it('reports the connection of a packet', async function () {
    link.rule('-A INPUT -m conntrack --ctstate NEW');
    const { packets, errors } = start({ conntrack: true });
    if (isKernelError(errors[0], 'EOPNOTSUPP')) skipBecause(this, 'this kernel reports no connections (CONFIG_NETFILTER_NETLINK_GLUE_CT)');
    link.send(udpPacket(1, text('a')));
    await until(() => packets.length === 1);
    const { ct, ctInfo } = packets[0]!.event;
    // The attributes of a connection, behind the header of nfnetlink that the family conntrack has.
    const connection = operationCodec(conntrackSchema, 'get').decodePayload(Uint8Array.of(2, 0, 0, 0, ...ct!));
    expect(connection).to.have.nested.property('tupleOrig.tupleIp').that.deep.equals({ ipV4Src: SOURCE, ipV4Dst: DESTINATION });
    expect(connection)
      .to.have.nested.property('tupleOrig.tupleProto')
      .that.deep.equals({ protoNum: 17, protoSrcPort: 4444, protoDstPort: PORT });
    expect(ctInfo).to.equal(2);
    packets[0]!.accept();
    tally.add(6);
  });

  it('reports the owner of a local sender', async () => {
    link.rule('-t mangle -A OUTPUT -p udp --dport 7 -j NFQUEUE --queue-num 6');
    const { packets } = start({ uidGid: true }, 6);
    const script = `import socket, os; os.setgid(1234); os.setuid(4321); socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('${SOURCE}', 7))`;
    link.receiver.run('python3', '-c', script);
    await until(() => packets.length === 1);
    packets[0]!.drop();
    expect(packets[0]!.event).to.deep.include({ uid: 4321, gid: 1234, packetHdr: { packetId: 1, hwProtocol: 0x0800, hook: 3 } });
    tally.add(4);
  });

  it('ends with the number of packets that the kernel dropped, when the consumer is slower than the queue', async () => {
    const { packets, errors } = start({ receiveBufferSize: 20_000 });
    link.sendMany(udpPacket(1, new Uint8Array(100)), 500);
    const dropped = proc()![6]!;
    expect(dropped).to.be.greaterThan(100);
    await until(() => errors.length === 1);
    expect(errors[0]).to.be.instanceOf(OverrunError).with.property('dropped', dropped);
    expect(packets.length + dropped).to.equal(500);
    for (const packet of packets) packet.accept();
    tally.add(2);
  });

  it('keeps its packets over an overrun when the subscriber comes back at once', async () => {
    const queue = nfqueue(QUEUE, { netns: link.receiver.path, receiveBufferSize: 20_000 });
    const packets: QueuedPacket[] = [];
    let lost = 0;
    const subscription: Subscription = queue
      .pipe(resyncOnOverrun(({ dropped }) => void (lost += dropped)))
      .subscribe((packet) => packets.push(packet));
    use.subscriptions.push(subscription, { unsubscribe: () => queue.close() });
    link.sendMany(udpPacket(1, new Uint8Array(100)), 300);
    await until(() => lost > 0);
    expect(proc()![2]).to.equal(packets.length);
    link.send(udpPacket(2, text('after')));
    await until(() => data(packets.at(-1)!) === 'after');
    for (const packet of packets) packet.accept();
    await until(() => link.received.length === packets.length);
    expect(packets.length).to.equal(300 - lost + 1);
    expect(proc()![6]).to.equal(lost);
    tally.add(3);
  });

  it('stops reading while maxWaiting packets have no verdict, and reports the packets that did not fit', async () => {
    const { queue, packets, errors } = start({ maxWaiting: 10, receiveBufferSize: 20_000 });
    link.send(...Array.from({ length: 10 }, (_, index) => udpPacket(index + 1, text('x'))));
    await until(() => packets.length === 10);
    link.sendMany(udpPacket(99, new Uint8Array(100)), 300);
    await pause(50);
    expect([packets.length, queue.waiting, errors.length]).to.deep.equal([10, 10, 0]);
    const dropped = proc()![6]!;
    packets[9]!.verdictBatch();
    await until(() => errors.length === 1);
    expect(errors[0]).to.have.property('dropped', dropped);
    expect(packets.length + dropped).to.equal(310);
    for (const packet of packets) if (packet.isWaiting) packet.accept();
    tally.add(2);
  });

  it('loses no packet of many without a report', async () => {
    link.rule('-A INPUT -p udp -j DROP');
    const count = rounds(5000, 100_000);
    const queue: NfQueue = nfqueue(QUEUE, { netns: link.receiver.path });
    let [seen, lost] = [0, 0];
    const began = process.cpuUsage();
    const subscription = queue.pipe(resyncOnOverrun(({ dropped }) => void (lost += dropped))).subscribe((packet) => {
      seen++;
      packet.accept();
    });
    use.subscriptions.push(subscription, { unsubscribe: () => queue.close() });
    link.sendInBackground(udpPacket(1, new Uint8Array(64)), count);
    await until(() => seen + lost === count, 50_000);
    const { user, system } = process.cpuUsage(began);
    expect(proc()!.slice(5, 8)).to.deep.equal([0, lost, count]);
    process.stdout.write(
      `      ${count} packets: ${seen} decided, ${lost} lost and reported, ${Math.round((user + system) / 1000)} ms of CPU time\n`,
    );
  });
});
