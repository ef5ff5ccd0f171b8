import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { conntrackExpect, type ConntrackExpectFamily, type GetReply, type TupleAttrs } from '../../../lib/families/conntrack_expect.js';
import type { WatchableClient } from '../../../lib/live/index.js';
import { expectationLine } from '../../families/compare/conntrack_expect.js';
import { needsFunction } from '../../support/features.js';
import { run, skipBecause, useNamespace } from '../../support/namespace.js';
import { useTally } from '../../support/tally.js';
import { useWatchers } from '../live/watcher.js';

const SCENE = fileURLToPath(new URL('../../fixtures/capture/', import.meta.url));
const [INET, INET6, TCP] = [2, 10, 6];

describe('conntrackExpect', function () {
  this.timeout(20_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const tally = useTally('conntrack -L exp');
  let client: WatchableClient<ConntrackExpectFamily, 'get'>;
  let sessions: ChildProcess;

  const listed = (family: 'ipv4' | 'ipv6'): string[] =>
    namespace()
      .run('conntrack', '-L', 'exp', '-f', family)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.trim());
  const compare = (lines: readonly string[], rows: readonly GetReply[]): void => {
    const port = (line: string): string => / dport=(\d+) mask/.exec(line)?.[1] ?? line;
    expect(rows.length).to.equal(lines.length);
    for (const line of lines) {
      const row = rows.find(({ tuple }) => String(tuple?.tupleProto?.protoDstPort) === port(line));
      expect(row, line).to.not.equal(undefined);
      expect(expectationLine(row!, line)).to.equal(line);
      tally.add(line.split(' ').length);
    }
  };
  const way = (ports: readonly [number, number], address = '127.0.0.1'): TupleAttrs => ({
    tupleIp: { ipV4Src: address, ipV4Dst: '127.0.0.1' },
    tupleProto: { protoNum: TCP, protoSrcPort: ports[0], protoDstPort: ports[1] },
  });
  /** The first session of the scene is the master of expectations that the specs create. */
  const made = (port: number) => ({
    nfgenFamily: INET,
    master: way([40021, 21]),
    tuple: way([5, port], '127.0.0.8'),
    mask: { ...way([0xffff, 0xffff], '255.255.255.0'), tupleIp: { ipV4Src: '255.255.255.0', ipV4Dst: '255.255.255.255' } },
    timeout: 200,
    class: 0,
  });
  const withPort = (rows: readonly GetReply[], port: number): GetReply | undefined =>
    rows.find(({ tuple }) => tuple?.tupleProto?.protoDstPort === port);

  before(async function () {
    const inside = [`--net=${namespace().path}`, '--'];
    try {
      run('nsenter', [...inside, 'conntrack', '-C']);
      run('nsenter', [...inside, 'nft', '-f', `${SCENE}rules/expecting.nft`]);
    } catch (error) {
      skipBecause(this, 'this kernel or network namespace has no FTP helper of connection tracking', error);
    }
    // No request loads the half of the helper that translates.
    namespace().run('sh', '-c', 'modprobe -q nf_nat_ftp || true');
    // Otherwise connections that are older than the first listener cause no events.
    namespace().run('sysctl', '-q', 'net.netfilter.nf_conntrack_events=1');
    client = conntrackExpect({ netns: namespace().path });
    client.socket.connect();
    sessions = namespace().start('python3', `${SCENE}expecting.py`);
    await new Promise((resolve, reject) => {
      sessions.stdout!.once('data', resolve);
      sessions.once('exit', (code) => {
        reject(new Error(`the sessions ended with ${String(code)}`));
      });
    });
  });
  after(() => {
    client?.close();
  });

  for (const [name, family, count] of [
    ['ipv4', INET, 3],
    ['ipv6', INET6, 2],
  ] as const) {
    it(`reads expectations of ${name} as conntrack lists them`, async () => {
      const lines = listed(name);
      expect(lines.length).to.equal(count);
      compare(lines, await lastValueFrom(client.list('get', { nfgenFamily: family })));
    });
  }

  it('reads the translation, which conntrack does not list', async function () {
    needsFunction(this, 'nf_nat_ftp', 'helper that translates FTP');
    const row = withPort(await lastValueFrom(client.list('get', { nfgenFamily: INET })), 30004);
    // The helper writes the port that the server announced into the source, and translates the original direction (nf_nat_ftp.c).
    expect(row?.nat).to.deep.include({ dir: 0 });
    expect(row?.nat?.tuple?.tupleProto).to.include({ protoNum: TCP, protoSrcPort: 30004 });
    expect(row?.fn).to.equal('nat-follow-master');
  });

  it('reads one by its tuple, and those of one connection', async () => {
    const rows = await lastValueFrom(client.list('get', { nfgenFamily: INET }));
    const { tuple, id, master } = withPort(rows, 30001)!;
    const one = await lastValueFrom(client.do('get', { nfgenFamily: INET, tuple: tuple! }));
    compare(
      listed('ipv4').filter((line) => line.includes('dport=30001')),
      [one],
    );
    expect(one.id).to.equal(id);
    const error = await lastValueFrom(client.do('get', { nfgenFamily: INET, tuple: tuple!, id: (id! ^ 1) >>> 0 })).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('code', 'ENOENT');
    const own = await lastValueFrom(client.list('get', { nfgenFamily: INET, master: master! }));
    expect(own.map((row) => row.tuple?.tupleProto?.protoDstPort)).to.deep.equal([30001]);
  });

  it('creates and deletes expectations as conntrack lists them, and receives their notifications', async () => {
    const received = firstValueFrom(
      client.notifications('nfnlgrp-conntrack-exp-new', 'nfnlgrp-conntrack-exp-destroy').pipe(take(2), toArray()),
    );
    await lastValueFrom(client.do('new', made(31000), { create: true, exclusive: true }));
    const [line] = listed('ipv4').filter((text) => text.includes('dport=31000'));
    // The time is that of the helper. A helper of FTP allows one expectation for a connection: the new one replaces that of port 30000.
    expect(line).to.match(
      /^(?:300|29\d) proto=6 src=127\.0\.0\.8 dst=127\.0\.0\.1 sport=5 dport=31000 mask-src=255\.255\.255\.0 mask-dst=255\.255\.255\.255 sport=65535 dport=65535 master-src=127\.0\.0\.1 master-dst=127\.0\.0\.1 sport=40021 dport=21 class=0 helper=ftp$/,
    );
    tally.add(line!.split(' ').length);
    await lastValueFrom(client.do('delete', { nfgenFamily: INET, tuple: made(31000).tuple }));
    expect(listed('ipv4').filter((text) => text.includes('dport=31000'))).to.deep.equal([]);
    const events = (await received).map(({ op, group, value: { tuple } }) => [op, group, tuple?.tupleProto?.protoDstPort]);
    // NFNLGRP_CONNTRACK_EXP_NEW and _DESTROY of linux/netfilter/nfnetlink_compat.h; the kernel deletes the old one first.
    expect(events).to.deep.equal([
      ['delete-ntf', 6, 30000],
      ['new-ntf', 4, 31000],
    ]);
  });

  it('names the object in errors', async () => {
    const failure = (request: ReturnType<typeof made>): Promise<unknown> =>
      lastValueFrom(client.do('new', request, { create: true })).catch((reason: unknown) => reason);
    expect(await failure({ ...made(31001), master: way([1, 21]) })).to.have.property('message', 'ENOENT new: expectation');
    const six = { ...made(31001), nfgenFamily: INET6 };
    expect(await failure(six))
      .to.have.property('message')
      .that.matches(/^EENCODE new: .*ipV4Src: "127\.0\.0\.1" is an IPv4 address but nfgenFamily is 10/);
  });

  it('watches expectations', async () => {
    const watcher = watch(client.watch('get', { nfgenFamily: INET }));
    await watcher.has('the table', (rows) => rows.length > 0 && rows.every(({ nfgenFamily }) => nfgenFamily === INET));
    await lastValueFrom(client.do('new', made(31002), { create: true }));
    await watcher.has('the new one', (rows) => withPort(rows, 31002) !== undefined);
    compare(listed('ipv4'), watcher.entries!);
    await lastValueFrom(client.do('delete', { nfgenFamily: INET, helpName: 'ftp' }));
    await watcher.has('none', (rows) => rows.length === 0);
    expect(listed('ipv4')).to.deep.equal([]);
    expect(watcher.reasons).to.deep.equal(['initial']);
  });

  it('reads the statistics of each processor', async () => {
    const rows = await lastValueFrom(client.list('get-stats'));
    const lines = namespace().run('conntrack', '-S', 'exp').trim().split('\n');
    expect(
      rows.map((row) => `cpu=${row.resId} expect_new=${row.new} expect_create=${row.create} expect_delete=${row.delete}`),
    ).to.deep.equal(lines.map((line) => line.trim().replaceAll(/\s+/g, ' ')));
    tally.add(lines.length * 4);
    expect(rows.reduce((sum, row) => sum + row.create!, 0)).to.be.above(4);
  });
});
