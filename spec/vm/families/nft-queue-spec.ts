import { expect } from 'chai';
import { nfqueue, type QueuedPacket } from '../../../lib/families/nfnetlink_queue.js';
import { nftables } from '../../../lib/families/nftables.js';
import { PORT, hex, udpPacket, usePacketLink } from '../../kernel/families/packet-link.js';
import { pause, until } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';
import { last, modules } from '../support.js';

const QUEUE = 21;
const text = (data: string): Uint8Array => new TextEncoder().encode(data);

describe('nfqueue with the statement queue of nft on the wide kernel', () => {
  before(() => modules('nft_queue', 'nfnetlink_queue', 'veth'));
  // Before the hook of the link, whose last datagram of each spec no program would accept.
  afterEach(() => nft('delete table ip queued'));
  const use = usePacketLink();
  const tally = useTally('nft, the sender, the receiver and /proc');

  const nft = (line: string): string => use().receiver.run('nft', ...line.split(' '));

  beforeEach(() => {
    nft('add table ip queued');
    nft('add chain ip queued in { type filter hook input priority 0 ; }');
    nft(`add rule ip queued in udp dport ${PORT} counter queue to ${QUEUE}`);
    nft(`add rule ip queued in udp dport ${PORT} counter`);
  });

  /** Subscribes to the queue and sends a datagram for each text. */
  async function receive(...texts: readonly string[]): Promise<QueuedPacket[]> {
    const queue = nfqueue(QUEUE, { netns: use().receiver.path });
    const packets: QueuedPacket[] = [];
    const subscription = queue.subscribe((packet) => packets.push(packet));
    use.subscriptions.push(subscription, { unsubscribe: () => queue.close() });
    const sent = texts.map((data, index) => udpPacket(index + 1, text(data)));
    use().send(...sent);
    await until('the packets in the queue', () => packets.length === texts.length);
    expect(packets.map(({ payload }) => hex(payload))).to.deep.equal(sent.map(hex));
    expect(packets.map(({ event }) => [event.resId, event.packetHdr?.hook, event.packetHdr?.hwProtocol])).to.deep.equal(
      sent.map(() => [QUEUE, 1, 0x0800]),
    );
    tally.add(4 * sent.length);
    return packets;
  }

  /** Waits until the receiver has printed as many datagrams, and compares their texts. */
  async function expectReceived(...texts: readonly string[]): Promise<void> {
    const { received } = use();
    await until('the datagrams', () => received.length >= texts.length);
    await pause(50);
    expect(received.map((data) => Buffer.from(data, 'hex').toString())).to.deep.equal(texts);
    expect(waiting()).to.equal(0);
    tally.add(texts.length + 1);
  }

  /** Returns the number of packets without a verdict in /proc: queue, port ID, waiting. */
  function waiting(): number | undefined {
    const lines = use().receiver.run('cat', '/proc/net/netfilter/nfnetlink_queue').trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/).map(Number)).find(([queue]) => queue === QUEUE)?.[2];
  }

  /** Returns the packets that reached each rule, as nft counts them. */
  function counted(): number[] {
    return [...nft('list table ip queued').matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
  }

  it('accepts packets', async () => {
    for (const packet of await receive('one', 'two', '')) packet.accept();
    await expectReceived('one', 'two', '');
    // The verdict of nft's queue ends the chain: no packet reaches the second rule.
    expect(counted()).to.deep.equal([3, 0]);
    tally.add(2);
  });

  it('drops packets', async () => {
    const packets = await receive('kept', 'lost', 'kept too');
    packets[1]!.drop();
    packets[0]!.accept();
    packets[2]!.accept();
    await expectReceived('kept', 'kept too');
  });

  it('replaces the payload', async () => {
    const packets = await receive('original', 'original');
    packets[0]!.verdict({ payload: udpPacket(1, text('a longer text than before')) });
    packets[1]!.verdict({ payload: udpPacket(2, text('short')) });
    await expectReceived('a longer text than before', 'short');
  });

  it('decides a batch of packets with one verdict', async () => {
    const packets = await receive('1', '2', '3', '4', '5');
    packets[2]!.verdictBatch();
    await until('three datagrams', () => use().received.length === 3);
    expect(waiting()).to.equal(2);
    packets[4]!.verdictBatch({ verdict: 'drop' });
    await expectReceived('1', '2', '3');
    tally.add(1);
  });

  it('repeats the chain with a mark that leads past the queue', async () => {
    nft(`insert rule ip queued in meta mark 1 counter accept`);
    const [packet] = await receive('again');
    packet!.verdict({ verdict: 'repeat', mark: 1 });
    await expectReceived('again');
    expect(counted()).to.deep.equal([1, 1, 0]);
    tally.add(3);
  });

  it('accepts packets of a queue without a subscriber only if the rule has the flag bypass', async () => {
    use().send(udpPacket(1, text('lost')));
    nft('flush chain ip queued in');
    nft(`add rule ip queued in udp dport ${PORT} counter queue flags bypass to ${QUEUE}`);
    use().send(udpPacket(2, text('bypassed')));
    await until('the datagram', () => use().received.length === 1);
    await pause(50);
    expect(use().received.map((data) => Buffer.from(data, 'hex').toString())).to.deep.equal(['bypassed']);
    tally.add(1);
  });

  it('reads the queue of the rule as nft shows it', async () => {
    nft('flush chain ip queued in');
    nft(`add rule ip queued in queue flags bypass,fanout to 30-33`);
    using client = nftables({ netns: use().receiver.path });
    const [rule] = await last(client.list('getrule', { nfgenFamily: 2, table: 'queued', chain: 'in' }));
    const shown = JSON.parse(nft('-j list chain ip queued in')) as { nftables: { rule?: { expr: { queue: unknown }[] } }[] };
    const [statement] = shown.nftables.flatMap(({ rule: one }) => one?.expr ?? []);
    const [expression] = rule!.expressions?.elem ?? [];
    expect(statement).to.deep.equal({ queue: { num: { range: [30, 33] }, flags: ['bypass', 'fanout'] } });
    expect(expression).to.deep.include({ name: 'queue', data: { num: 30, total: 4, flags: 3 } });
    tally.add(3);
  });
});
