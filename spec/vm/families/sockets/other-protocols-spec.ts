import { expect } from 'chai';
import type { FamilyClient } from '../../../../lib/client/index.js';
import { sockDiag, SocketStates, type SctpAddress, type SctpReply, type SockDiagFamily } from '../../../../lib/families/sock_diag.js';
import { compact, ssLines, STATES } from '../../../families/compare/sock-lines.js';
import { openSockets } from '../../../kernel/families/sockets/programs.js';
import { useNamespace } from '../../../support/namespace.js';
import { all, last, modules } from '../../support.js';

/** Endpoints and associations of both address families: 132 is IPPROTO_SCTP. */
const SCTP = `
import socket as s, sys
kept = []
def listen(family, kind, address, backlog):
    one = s.socket(family, kind, 132)
    one.bind(address)
    one.listen(backlog)
    kept.append(one)
def connect(family, address):
    one = s.socket(family, s.SOCK_STREAM, 132)
    one.connect(address)
    kept.append(one)
    return one
listen(s.AF_INET, s.SOCK_SEQPACKET, ('127.0.0.1', 7001), 5)
listen(s.AF_INET, s.SOCK_STREAM, ('127.0.0.1', 7002), 3)
listen(s.AF_INET6, s.SOCK_STREAM, ('::1', 7003), 2)
connect(s.AF_INET, ('127.0.0.1', 7001)).sendall(b'x' * 300)
connect(s.AF_INET6, ('::1', 7003))
`;

/** A name that a socket serves, a connection to it, and a socket without one: 30 is AF_TIPC, (1, ...) TIPC_ADDR_NAMESEQ, (2, ...) TIPC_ADDR_NAME. */
const TIPC = `
import socket as s, sys, threading
kept = []
server = s.socket(30, s.SOCK_STREAM)
server.bind((1, 18888, 17, 17, 2))
server.listen(1)
accepting = threading.Thread(target=lambda: kept.append(server.accept()[0]))
accepting.start()
client = s.socket(30, s.SOCK_STREAM)
client.connect((2, 18888, 17, 0, 1))
accepting.join()
client.sendall(b'y' * 40)
kept.extend((server, client, s.socket(30, s.SOCK_RDM)))
`;

/** A listener and a connection that falls back to TCP: 43 is AF_SMC, whose addresses are those of TCP. */
const SMC = `
import ctypes, os, socket as s, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
address = struct.pack('=HH4s8x', 2, s.htons(7100), s.inet_aton('127.0.0.1'))
server, client = (s.socket(43, s.SOCK_STREAM, 0) for _ in range(2))
if libc.bind(server.fileno(), address, 16) or libc.listen(server.fileno(), 4) or libc.connect(client.fileno(), address, 16):
    raise OSError(ctypes.get_errno(), 'smc')
os.fchown(client.fileno(), 1234, -1)
print(os.fstat(server.fileno()).st_ino, os.fstat(client.fileno()).st_ino, flush=True)
`;

/** Returns the keys of a line of `ss`: `tag:7b2c`, `skmem:(...)`. */
function keys(line: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...line.matchAll(/ ([a-z0-9]+):(\S+)/g)].map(([, key, value]) => [key!, value!]));
}

const addresses = (list: readonly SctpAddress[] | undefined): string | undefined =>
  list?.map(({ data }) => (data instanceof Uint8Array ? '?' : data.addr)).join(',');

/** Returns the same keys of a row. */
function keysOf({ inode, info, locals, peers, skmeminfo: memory }: SctpReply): Readonly<Record<string, string | undefined>> {
  const text = (value: number | undefined): string => String(value ?? 0);
  return {
    ino: String(inode),
    locals: addresses(locals),
    skmem: `(r${text(memory?.rmemAlloc)},rb${text(memory?.rcvbuf)},t${text(memory?.wmemAlloc)},tb${text(memory?.sndbuf)},f${text(memory?.fwdAlloc)},w${text(memory?.wmemQueued)},o${text(memory?.optmem)},bl${text(memory?.backlog)},d${text(memory?.drops)})`,
    ...(peers === undefined
      ? { v4mapped: text(info?.sV4mapped) }
      : {
          peers: addresses(peers),
          tag: info!.tag.toString(16),
          rwnd: text(info?.rwnd),
          instrms: text(info?.instrms),
          outstrms: text(info?.outstrms),
          maxburst: text(info?.maxBurst),
          maxseg: text(info?.maxseg),
          prwnd: text(info?.peerRwnd),
          ptag: info!.peerTag.toString(16),
          pcapable: text(info?.peerCapable),
          psack: text(info?.peerSack),
        }),
  };
}

describe('sockDiag of SCTP, TIPC and SMC on the wide kernel', () => {
  const namespace = useNamespace();
  let client: FamilyClient<SockDiagFamily>;
  let smc = '';

  before(async () => {
    modules('sctp', 'sctp_diag', 'tipc', 'tipc_diag', 'smc', 'smc_diag');
    await Promise.all([SCTP, TIPC].map((program) => openSockets(namespace(), program)));
    const child = namespace().start('python3', '-S', '-E', '-c', `${SMC}\nsys.stdin.readline()`);
    child.stdout?.on('data', (data: Buffer) => (smc += data.toString()));
    while (!smc.includes('\n')) {
      if (child.exitCode !== null) throw new Error('python3 ended');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    client = sockDiag({ netns: namespace().path });
  });
  after(() => client?.close());

  it('reads every value of SCTP endpoints and associations that ss shows', async () => {
    const rows: SctpReply[] = [];
    for (const family of [2, 10] as const) rows.push(...(await last(client.list('sctp', { family, ext: 0xff }))));
    const lines = ssLines(namespace(), '-S -aneim');
    // Five endpoints; two connections with an association on each side.
    expect(lines).to.have.length(9);
    const shown = lines.map((line) => {
      const [state, rqueue, wqueue] = compact(line.replace('`-', '')).split(' ');
      const { cgroup: _cgroup, sk: _sk, v6only: _v6only, state: _state, uid: _uid, timer: _timer, ...values } = keys(line);
      const picked = Object.fromEntries(
        Object.entries(values).filter(([key]) => !/^(fport|unackdata|penddata|fragpoint|inqueue|outqueue|overallerr)$/.test(key)),
      );
      return { state, rqueue, wqueue, ...picked };
    });
    const read = rows.map((row) => ({
      state:
        row.peers === undefined
          ? STATES[row.state === 10 ? 'listen' : row.state === 1 ? 'established' : 'close']
          : row.state === 3
            ? 'ESTAB'
            : '?',
      rqueue: String(row.rqueue),
      wqueue: String(row.wqueue),
      ...keysOf(row),
    }));
    expect(read).to.have.deep.members(shown);
    const association = rows.find(({ id, peers }) => peers !== undefined && id.dport === 7001)!;
    expect(association.info).to.deep.include({ oodchunks: 1n, iodchunks: 0n, pState: 2 });
    expect(association.info!.pAddress).to.deep.equal({ family: 2, port: 7001, data: { addr: '127.0.0.1' } });
  });

  it('selects SCTP endpoints by state', async () => {
    const rows = await last(client.list('sctp', { family: 2, states: SocketStates.Listen }));
    expect(rows.filter(({ peers }) => peers !== undefined)).to.deep.equal([]);
    expect(rows.map(({ id }) => id.sport)).to.include.members([7001, 7002]);
  });

  it('reads every value of TIPC sockets that ss shows', async () => {
    const rows = (await all(client.dump('tipc'))).map(({ sock }) => sock!);
    const shown = ssLines(namespace(), '--tipc -anemp').map((line) => {
      const [state, rqueue, wqueue, local, peer] = compact(line).split(' ');
      return { state, rqueue, wqueue, local, peer, ino: keys(line)['ino'] };
    });
    const read = rows.map(({ tipcState, addr, ref, con, stat, ino }) => ({
      state: STATES[tipcState!],
      ...{ rqueue: String(stat?.rcvq), wqueue: String(stat?.sendq) },
      ...{ local: `${String(addr ?? 0)}:${String(ref)}`, peer: con === undefined ? '-' : `${String(con.node ?? 0)}:${String(con.sock)}` },
      ino: String(ino),
    }));
    expect(read).to.have.deep.members(shown);
    expect(rows.filter(({ type }) => type === 'rdm').map(({ tipcState }) => tipcState)).to.deep.equal(['close']);
    const served = rows.find(({ hasPubl }) => hasPubl === true);
    expect(rows.filter(({ con }) => con?.type === 18888).length).to.equal(2);
    expect(served).to.not.equal(undefined);
  });

  it('reads SMC sockets as the program that opened them knows them', async () => {
    const [listener, connected] = smc.trim().split(' ').map(Number);
    const rows = await last(client.list('smc'));
    const of = (inode: number | undefined): object => {
      const { id, uid, state, mode, shutdown, fallback } = rows.find((row) => row.inode === BigInt(inode!))!;
      const [src, dst] = [id.src, id.dst].map((address) => [...(address as Uint8Array).subarray(0, 4)].join('.'));
      return { src, dst, sport: id.sport, dport: id.dport, uid, state, mode, shutdown, isFallback: fallback!.reason !== 0 };
    };
    const common = { shutdown: 0 };
    const { sport: _sport, ...one } = of(connected) as { sport: number };
    expect(of(listener)).to.deep.equal({
      ...common,
      src: '127.0.0.1',
      dst: '0.0.0.0',
      sport: 7100,
      dport: 0,
      uid: 0,
      state: 10,
      mode: 'smcr',
      isFallback: false,
    });
    expect(one).to.deep.equal({
      ...common,
      src: '127.0.0.1',
      dst: '127.0.0.1',
      dport: 7100,
      uid: 1234,
      state: 1,
      mode: 'fallback-tcp',
      isFallback: true,
    });
  });
});
