import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { conntrack, type ConntrackFamily } from '../../../lib/families/conntrack.js';
import type { FamilyClient } from '../../../lib/index.js';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { within } from '../../families/compare/fields.js';

type Entry = ConntrackFamily['dump']['get']['reply'];
type Tuple = Entry['tupleOrig'];

// uapi/linux/netfilter/nf_conntrack_common.h
const SEEN_REPLY = 2;
const ASSURED = 4;
const PROTOCOL: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** Makes one open connection, one unanswered datagram of each address family, and one ICMP echo with its reply. */
const TRAFFIC = `
import socket, sys, time
server = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(server.getsockname())
peer, _ = server.accept()
client.sendall(b'x' * 100); peer.recv(200); peer.sendall(b'y'); client.recv(1)
sink4 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); sink4.bind(('127.0.0.1', 0))
sink6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); sink6.bind(('::1', 0))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'z', sink4.getsockname())
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'z', sink6.getsockname())
socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).sendto(bytes([8, 0, 0xf7, 0xfd, 0, 1, 0, 1]), ('127.0.0.1', 0))
print('done', flush=True)
sys.stdin.read()
`;

/** Returns the line of `conntrack -L -o extended,id` for a decoded entry: the same words in the same order. */
function line(entry: Entry, shown: string): string {
  const { tupleOrig, tupleReply, status = 0, timeout, mark, use, id, protoinfo } = entry;
  const number = tupleOrig?.tupleProto?.protoNum ?? 0;
  const shownTimeout = Number(shown.split(/\s+/)[4]);
  const state = protoinfo?.protoinfoTcp?.tcpState;
  return [
    tupleOrig?.tupleIp?.ipV4Src === undefined ? 'ipv6 10' : 'ipv4 2',
    `${PROTOCOL[number] ?? '?'} ${String(number)}`,
    within(3, shownTimeout, timeout),
    ...(state === undefined ? [] : [String(state).toUpperCase().replace('-', '_')]),
    tuple(tupleOrig),
    ...((status & SEEN_REPLY) === 0 ? ['[UNREPLIED]'] : []),
    tuple(tupleReply),
    ...((status & ASSURED) === 0 ? [] : ['[ASSURED]']),
    `mark=${String(mark)} use=${String(use)} id=${String(id)}`,
  ].join(' ');
}

function tuple(value: Tuple): string {
  const { tupleIp: ip, tupleProto: proto } = value ?? {};
  const addresses = `src=${ip?.ipV4Src ?? ip?.ipV6Src ?? '?'} dst=${ip?.ipV4Dst ?? ip?.ipV6Dst ?? '?'}`;
  if (proto?.protoIcmpType !== undefined)
    return `${addresses} type=${String(proto.protoIcmpType)} code=${String(proto.protoIcmpCode)} id=${String(proto.protoIcmpId)}`;
  return `${addresses} sport=${String(proto?.protoSrcPort)} dport=${String(proto?.protoDstPort)}`;
}

describe('conntrack', () => {
  const namespace = useNamespace();
  let client: FamilyClient<ConntrackFamily>;
  let traffic: ChildProcess;

  const shown = (family: string) =>
    namespace()
      .run('conntrack', '-L', '-f', family, '-o', 'extended,id')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => text.trim().replaceAll(/\s+/g, ' '));
  const idOf = (text: string) => Number(/ id=(\d+)$/.exec(text)?.[1]);

  before(async function () {
    this.timeout(10_000);
    try {
      run('nsenter', [`--net=${namespace().path}`, '--', 'conntrack', '-C']);
      run(
        'nsenter',
        [`--net=${namespace().path}`, '--', 'nft', '-f', '-'],
        'table inet t { chain c { type filter hook input priority 0; ct state new accept; }; }',
      );
    } catch (error) {
      skipBecause(this, 'this kernel or network namespace has no connection tracking', error);
    }
    traffic = namespace().start('python3', '-c', TRAFFIC);
    await new Promise((resolve, reject) => {
      traffic.stdout!.once('data', resolve);
      traffic.once('exit', (code) => {
        reject(new Error(`the traffic ended with ${String(code)}`));
      });
    });
    client = conntrack({ netns: namespace().path });
    client.socket.connect();
  });
  after(() => {
    client?.close();
  });

  for (const [family, number] of [
    ['ipv4', 2],
    ['ipv6', 10],
  ] as const) {
    it(`reads the entries of ${family} traffic as conntrack -L shows them`, async () => {
      const entries = await lastValueFrom(client.list('get', { nfgenFamily: number }));
      const lines = shown(family);
      expect(entries.length).to.equal(family === 'ipv4' ? 3 : 1);
      expect(entries.map(({ id }) => id)).to.have.members(lines.map(idOf));
      for (const text of lines) {
        const entry = entries.find(({ id }) => id === idOf(text))!;
        expect(line(entry, text)).to.equal(text);
      }
    });
  }

  it('reads one entry by its tuple', async () => {
    const [tcp] = (await lastValueFrom(client.list('get', { nfgenFamily: 2 }))).filter(
      ({ tupleOrig }) => tupleOrig?.tupleProto?.protoNum === 6,
    );
    const reply = await lastValueFrom(client.do('get', { nfgenFamily: 2, tupleOrig: tcp!.tupleOrig! }));
    expect(reply.id).to.equal(tcp!.id);
    expect(reply.protoinfo?.protoinfoTcp?.tcpState).to.equal('established');
  });

  it('creates, changes and deletes entries, and receives their notifications', async () => {
    const received = firstValueFrom(
      client.notifications('nfnlgrp-conntrack-new', 'nfnlgrp-conntrack-update', 'nfnlgrp-conntrack-destroy').pipe(take(3), toArray()),
    );
    const way = (src: string, dst: string, ports: readonly [number, number]) => ({
      tupleIp: { ipV4Src: src, ipV4Dst: dst },
      tupleProto: { protoNum: 17, protoSrcPort: ports[0], protoDstPort: ports[1] },
    });
    const tupleOrig = way('192.0.2.1', '192.0.2.2', [4000, 53]);
    const made = { nfgenFamily: 2, tupleOrig, tupleReply: way('192.0.2.2', '192.0.2.1', [53, 4000]) };
    await lastValueFrom(client.do('new', { ...made, timeout: 300, status: 8, mark: 7 }, { create: true, exclusive: true }));
    const find = () => shown('ipv4').find((text) => text.includes('192.0.2.1'));
    expect(find()).to.match(
      /^ipv4 2 udp 17 (300|29\d) src=192\.0\.2\.1 dst=192\.0\.2\.2 sport=4000 dport=53 \[UNREPLIED\] src=192\.0\.2\.2 dst=192\.0\.2\.1 sport=53 dport=4000 mark=7 /,
    );
    await lastValueFrom(client.do('new', { ...made, mark: 9 }));
    expect(find()).to.include('mark=9');
    await lastValueFrom(client.do('delete', { nfgenFamily: 2, tupleOrig }));
    expect(find()).to.equal(undefined);
    expect(
      (await received).map(({ op, group, value: { mark, tupleOrig: tuple } }) => [op, group, mark, tuple?.tupleProto?.protoDstPort]),
    ).to.deep.equal([
      // NFNLGRP_CONNTRACK_NEW, _UPDATE, _DESTROY of uapi/linux/netfilter/nfnetlink_compat.h
      ['new-ntf', 1, 7, 53],
      ['new-ntf', 2, 9, 53],
      ['delete-ntf', 3, 9, 53],
    ]);
  });

  it('reads the statistics of each processor', async () => {
    const rows = await lastValueFrom(client.list('get-stats'));
    const lines = namespace().run('conntrack', '-S').trim().split('\n');
    expect(rows.length).to.equal(lines.length);
    lines.forEach((text, index) => {
      const [, found, invalid] = /found=(\d+) invalid=(\d+)/.exec(text)!.map(Number);
      expect(rows[index]).to.include({ found, invalid });
    });
  });

  it('names the connection in errors', async () => {
    const tupleOrig = {
      tupleIp: { ipV4Src: '192.0.2.1', ipV4Dst: '198.51.100.1' },
      tupleProto: { protoNum: 17, protoSrcPort: 1000, protoDstPort: 53 },
    };
    let text = 'accepted';
    await lastValueFrom(client.do('get', { tupleOrig })).catch((error: unknown) => (text = (error as Error).message));
    expect(text).to.equal('ENOENT get: connection from 192.0.2.1 port 1000 to 198.51.100.1 port 53');
  });
});
