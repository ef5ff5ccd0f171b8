import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { conntrack } from '../../../lib/families/conntrack.js';
import { CtState, CtStatus, NfProtocol, type TraceNtfEvent } from '../../../lib/families/nftables.js';
import { capture, isEnd, isPrinted, lineOf, loadRules, watchTrace, type TraceLine } from './nftables-trace.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { usePrograms } from '../../support/programs.js';
import { until } from '../../support/sockets.js';
import { useTally } from '../../support/tally.js';

/** Rules that show by their chains what the kernel knows of the connection of a packet. */
const CONNECTION = `
  ct direction original jump original
  ct direction reply jump reply
  ct state new jump new
  ct state established jump established
  ct state untracked jump untracked
  ct status seen-reply jump seen-reply
  ct status assured jump assured
  ct status confirmed jump confirmed`;
const CHAINS = ['original', 'reply', 'new', 'established', 'untracked', 'seen-reply', 'assured', 'confirmed'];

const RULESET = `
table inet t {
 chain marked {
  meta mark set 0x89abcdef return
 }
 chain far { }
 chain in { type filter hook input priority 0; policy accept;
  meta l4proto udp meta nftrace set 1
  udp dport 9001 jump marked
  udp dport 9002 counter drop
  udp dport 9003 goto far
 }
 chain out { type filter hook output priority 0; policy accept;
  oifname "lo" meta l4proto udp meta nftrace set 1
 }
}
table ip6 six {
 chain late { type filter hook input priority 5; policy drop;
  meta l4proto icmpv6 accept
  udp dport 9001 accept
 }
}`;

const CONNECTIONS = `
table ip c {
 ${CHAINS.map((name) => `chain ${name} { }`).join('\n')}
 chain raw { type filter hook output priority raw;
  udp dport 9009 notrack
 }
 chain in { type filter hook input priority 0;
  meta nftrace set 1 ${CONNECTION}
 }
}`;

/** Sends datagrams: address, port, number of bytes; each from a new socket. */
const SEND = `
import socket, sys
for item in sys.argv[1:]:
    address, port, length = item.split(',')
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    socket.socket(family, socket.SOCK_DGRAM).sendto(bytes(range(int(length))), (address, int(port)))
`;

/** Opens a TCP connection over loopback, sends in both directions and keeps it open until its input ends. */
const CONNECT = `
import socket, sys
listener = socket.create_server(('127.0.0.1', 9004))
client = socket.create_connection(('127.0.0.1', 9004))
server, _ = listener.accept()
client.sendall(b'question'); server.recv(99); server.sendall(b'answer'); client.recv(99)
print('sent', flush=True)
sys.stdin.read()
`;

/** The attributes of the packet and its interfaces. */
function packetOf({ llHeader, networkHeader, transportHeader, iif, iiftype, oif, oiftype, nfproto }: TraceNtfEvent) {
  return { llHeader, networkHeader, transportHeader, iif, iiftype, oif, oiftype, nfproto };
}

describe('nftables: notifications of traced packets', function () {
  this.timeout(30_000);
  usePrograms('nft', 'tcpdump', 'python3');
  const receiver = useNamespace();
  const sender = useNamespace();
  const tally = useTally('nft monitor trace, tcpdump, ip and conntrack');
  let events: TraceNtfEvent[];
  let lines: TraceLine[];
  let both: () => Promise<void>;
  let stop: (() => void) | undefined;

  /** Waits until the program and the client have as many events. */
  const settled = async (count: number) => {
    await until(`${String(count)} events`, () => lines.length >= count && events.filter(isPrinted).length >= count);
    await both();
  };
  const indexOf = (device: string) => (JSON.parse(receiver().ip(`-j link show dev ${device}`)) as [{ ifindex: number }])[0].ifindex;

  before(async function () {
    sender().ip(`link add v0 type veth peer name v1 netns ${receiver().path}`);
    sender().batch(['addr add 10.78.0.1/24 dev v0', 'addr add fd78::1/64 dev v0 nodad', 'link set v0 up']);
    receiver().batch(['addr add 10.78.0.2/24 dev v1', 'addr add fd78::2/64 dev v1 nodad', 'link set v1 up']);
    // The kernel notices a carrier up to a second later, and drops what is sent before.
    const isUp = (text: string) => (JSON.parse(text) as [{ operstate: string }])[0].operstate === 'UP';
    await until('a carrier', () => isUp(sender().ip('-j link show dev v0')) && isUp(receiver().ip('-j link show dev v1')));
    try {
      loadRules(receiver(), RULESET);
    } catch (error) {
      if (/Operation not supported|No such file/.test((error as Error).message)) skipBecause(this, 'nft cannot load the rules', error);
      throw error;
    }
    ({
      events,
      lines,
      stop,
      settled: both,
    } = await watchTrace(receiver(), () => receiver().run('python3', '-c', SEND, '127.0.0.1,9002,1')));
  });
  beforeEach(() => {
    events.length = lines.length = 0;
  });
  after(() => stop?.());

  it('has the verdicts, chains, handles, policies and marks that nft prints', async () => {
    sender().run('python3', '-c', SEND, ...['9001', '9002', '9003'].flatMap((port) => [`10.78.0.2,${port},5`, `fd78::2,${port},5`]));
    await settled(20);
    expect(events.filter(isPrinted).map(lineOf)).to.deep.equal(lines);
    const seen = new Set(lines.map(({ type, verdict, policy }) => `${type} ${verdict ?? policy ?? ''}`));
    const all = ['continue', 'jump', 'drop', 'goto', 'accept'].map((verdict) => `rule ${verdict}`);
    // Before Linux 6.2, a rule that returns has the type of the end of a chain.
    expect([...seen].join()).to.match(/\b(?:rule|return) return\b/);
    expect([...seen]).to.include.members([...all, 'policy accept', 'policy drop']);
    const marks = events.filter(({ mark }) => mark !== undefined);
    expect(marks.length).to.be.greaterThan(2);
    for (const { mark } of marks) expect(mark).to.equal(0x89abcdef);
    // The end of a chain has a verdict and no rule.
    const ends = events.filter(isEnd);
    expect(ends.map(({ chain, verdict, policy }) => ({ chain, verdict, policy }))).to.have.deep.members(
      ['in', 'in', 'far', 'far', 'late'].map((chain) => ({ chain, verdict: { code: 'continue' }, policy: undefined })),
    );
    // The handles of rules, as a list of the rules shows them.
    const { nftables: items } = JSON.parse(receiver().run('nft', '-j', '-a', 'list', 'ruleset')) as {
      nftables: { rule?: { table: string; chain: string; handle: number } }[];
    };
    const handles = items.flatMap(({ rule }) => (rule === undefined ? [] : [`${rule.table} ${rule.chain} ${String(rule.handle)}`]));
    for (const { table, chain, ruleHandle } of events) {
      if (ruleHandle !== undefined) expect(handles).to.include(`${table!} ${chain!} ${String(ruleHandle)}`);
    }
    tally.add(lines.reduce((sum, line) => sum + Object.keys(line).length, 0) + marks.length + events.length);
  });

  it('has the bytes of the packet and its interfaces in the first event of each base chain', async () => {
    const frames = await capture(receiver(), 'v1');
    sender().run('python3', '-c', SEND, ...['10.78.0.2,9001,5', '10.78.0.2,9001,60', 'fd78::2,9001,60']);
    await settled(13);
    await until('three datagrams in the capture', () => frames.filter((frame) => isUdp(frame)).length === 3);
    const [first, second, third] = frames.filter((frame) => isUdp(frame));
    const interfaces = { iif: indexOf('v1'), iiftype: 1, oif: undefined, oiftype: undefined };
    const cut = (frame: Uint8Array, network: number, nfproto: number) => ({
      llHeader: frame.slice(0, 14),
      networkHeader: frame.slice(14, 14 + network),
      transportHeader: frame.slice(14 + network, 14 + network + 20),
      ...interfaces,
      nfproto,
    });
    const packets = events.filter(({ networkHeader }) => networkHeader !== undefined);
    const third6 = cut(third!, 40, NfProtocol.Ipv6);
    // The packet of IPv6 passes two base chains.
    expect(packets.map(packetOf)).to.deep.equal([cut(first!, 20, NfProtocol.Ipv4), cut(second!, 20, NfProtocol.Ipv4), third6, third6]);
    expect(packets[1]!.transportHeader).to.have.length(20);
    for (const event of events.filter((one) => !packets.includes(one))) {
      expect(event).not.to.have.any.keys('llHeader', 'networkHeader', 'transportHeader', 'iif', 'iiftype', 'oif', 'oiftype');
    }
    tally.add(packets.length * 7);
  });

  it('has the outgoing interface of a packet over loopback', async () => {
    const frames = await capture(receiver(), 'lo');
    receiver().run('python3', '-c', SEND, '127.0.0.1,9003,12');
    await settled(5);
    await until('a datagram in the capture', () => frames.some((frame) => isUdp(frame)));
    const frame = frames.find((one) => isUdp(one))!;
    const [out, into] = events.filter(({ networkHeader }) => networkHeader !== undefined);
    const bytes = { networkHeader: frame.slice(14, 34), transportHeader: frame.slice(34, 54), nfproto: NfProtocol.Ipv4 };
    // ARPHRD_LOOPBACK. The packet has no link-layer header yet when it leaves.
    const lo = [indexOf('lo'), 772] as const;
    expect(packetOf(out!)).to.deep.equal({ ...bytes, llHeader: undefined, oif: lo[0], oiftype: lo[1], iif: undefined, iiftype: undefined });
    expect(packetOf(into!)).to.deep.equal({
      ...{ ...bytes, llHeader: frame.slice(0, 14), iif: lo[0], iiftype: lo[1] },
      ...{ oif: undefined, oiftype: undefined },
    });
    expect(events.filter(isPrinted).map(lineOf)).to.deep.equal(lines);
    tally.add(12);
  });
});

describe('nftables: notifications of traced connections', function () {
  this.timeout(30_000);
  usePrograms('nft', 'conntrack', 'python3');
  const namespace = useNamespace();
  const tally = useTally('nft monitor trace and conntrack');

  it('has the connection of a packet, as the rules of its chain match it', async function () {
    const types = '/sys/kernel/btf/vmlinux';
    if (!existsSync(types) || !readFileSync(types).includes('NFTA_TRACE_CT_ID')) {
      skipBecause(this, 'the types of this kernel lack NFTA_TRACE_CT_ID (Linux 6.16)');
    }
    loadRules(namespace(), CONNECTIONS);
    const traced = await watchTrace(namespace(), () => namespace().run('python3', '-c', SEND, '127.0.0.1,9009,1'));
    const { lines, stop } = traced;
    lines.length = traced.events.length = 0;
    const program = namespace().start('python3', '-c', CONNECT);
    await new Promise((resolve) => program.stdout!.once('data', resolve));
    namespace().run('python3', '-c', SEND, '127.0.0.1,9009,1');
    await until('an untracked packet', () => lines.some(({ jump }) => jump === 'untracked'));
    await traced.settled();
    stop();
    const events = traced.events.filter(isPrinted);
    expect(events.map(lineOf)).to.deep.equal(lines);
    const firsts = events.flatMap((event, index) => (event.networkHeader === undefined ? [] : [index]));
    for (const [order, first] of firsts.entries()) {
      const jumps = lines.slice(first, firsts[order + 1]).flatMap(({ jump }) => (jump === undefined ? [] : [jump]));
      expect(chainsOf(events[first]!), `packet ${String(order)}`).to.deep.equal(jumps);
    }
    expect(new Set(lines.flatMap(({ jump }) => (jump === undefined ? [] : [jump])))).to.deep.equal(new Set(CHAINS));
    const shown = namespace().run('conntrack', '-L', '-p', 'tcp', '--orig-port-dst', '9004', '-o', 'id');
    const id = Number(/ id=(\d+)/.exec(shown)?.[1]);
    expect(new Set(events.flatMap(({ ctId, networkHeader }) => (networkHeader?.[9] === 6 ? [ctId] : [])))).to.deep.equal(new Set([id]));
    using connections = conntrack({ netns: namespace().path });
    const rows = await lastValueFrom(connections.list('get'));
    expect(rows.map((row) => row.id)).to.include(id);
    program.stdin!.end();
    tally.add(firsts.length * (CHAINS.length + 1));
  });

  /** Returns the chains of {@link CONNECTION} that the packet must pass. */
  function chainsOf({ ctState = 0, ctStatus = 0, ctDirection }: TraceNtfEvent): string[] {
    const chains: readonly (readonly [string, boolean])[] = [
      ['original', ctDirection === 'original'],
      ['reply', ctDirection === 'reply'],
      ['new', ctState === CtState.New],
      ['established', ctState === CtState.Established],
      ['untracked', ctState === CtState.Untracked],
      ['seen-reply', (ctStatus & CtStatus.SeenReply) !== 0],
      ['assured', (ctStatus & CtStatus.Assured) !== 0],
      ['confirmed', (ctStatus & CtStatus.Confirmed) !== 0],
    ];
    return chains.flatMap(([name, passed]) => (passed ? [name] : []));
  }
});

/** Returns true for a frame with a datagram of UDP. */
function isUdp(frame: Uint8Array): boolean {
  const type = (frame[12]! << 8) | frame[13]!;
  return type === 0x0800 ? frame[23] === 17 : type === 0x86dd && frame[20] === 17;
}
