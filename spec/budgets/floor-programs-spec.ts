import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { useNamespace, type Namespace } from '../support/namespace.js';
import { requirePrograms, run, usePrograms } from '../support/programs.js';
import { TracedDialogue, requireStrace, trace } from './strace.js';
import { CALLS, emptyReads, flags, isRead, readOf, received, requests, setup, sizes, unique, type Read } from './wire-calls.js';

const [REQUESTS, WRITES, SOCKETS, CONNECTIONS, EVENTS, PACKETS] = [20, 1000, 200, 300, 400, 50];
/** strace makes each call slow, and a turn of the event loop that lasts 2 ms reads no more replies right after sending. */
const FROZEN = 'data:text/javascript,Date.now=()=>0';

type Calls = readonly string[];

/** Returns the command of a program of bench/subjects. */
function subject(name: string, ...args: readonly string[]): string[] {
  return [process.execPath, '--import', FROZEN, '--import', 'tsx', `bench/subjects/${name}.ts`, ...args];
}

/** Expects that two programs have opened the same sockets, sent the same requests, and read as many datagrams with the same flags. */
function expectSame(c: Calls, library: Calls): void {
  expect(setup(library)).to.have.length.at.least(5).and.deep.equal(setup(c));
  expect(requests(library)).to.deep.equal(requests(c));
  expect(received(library)).to.equal(received(c));
  expect(flags(library)).to.have.length(1).and.deep.equal(flags(c));
  expect(sizes(library)).to.have.length(1).and.deep.equal(sizes(c));
}

/** Returns the reads that have received something. The library looks once more whether the queue is empty, when it has time. */
const answers = (calls: Calls): Read[] =>
  calls
    .filter(isRead)
    .map(readOf)
    .filter(({ datagrams }) => datagrams > 0);

describe('the C programs of the benchmark and the library', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  let folder: string | undefined;

  before(function () {
    requirePrograms('gcc', 'strace');
    requireStrace(this);
    folder = mkdtempSync(join(tmpdir(), 'rxnetlink-floors-'));
    namespace().batch(['link add bench0 type veth peer name bench1', 'link set bench0 up', 'link set bench1 up']);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** Returns the command of a program of bench/floor. */
  const floor = (name: string, ...args: readonly string[]): string[] => {
    const program = join(folder!, name);
    run('gcc', ['-o', program, `bench/floor/${name}.c`]);
    return [program, ...args];
  };

  /** Runs a program that works once, and returns its calls and the printed number. */
  const work = (program: readonly string[]): { calls: Calls; count: number } => {
    const { output, sections } = trace(namespace(), CALLS, program, '\n');
    return { calls: sections.flat(), count: Number(output.split(' ')[1]) };
  };

  for (const [command, ours] of [
    ['sequential', 'sequential'],
    ['sequential', 'do'],
    ['sequential', 'sync'],
    ['getroute', 'getroute'],
  ] as const)
    it(`send the same requests and read the answers in the same way: ${command} in C, ${ours} in the library`, () => {
      const c = work(floor('floor', command, `${REQUESTS}`));
      const library = work(subject('measure', ours, `${REQUESTS}`));
      expect([c.count, library.count]).to.deep.equal([REQUESTS, REQUESTS]);
      expectSame(c.calls, library.calls);
      expect(answers(library.calls)).to.deep.equal(answers(c.calls));
      expect(emptyReads(library.calls)).to.have.length.at.most(1);
    });

  it('write routes in the same datagrams, and read one ack for each', () => {
    const c = work(floor('storm-writer', `${WRITES}`));
    const library = work(subject('measure', 'writes', `${WRITES}`));
    const script = work(subject('floors', 'writes', `${WRITES}`));
    expect([c.count, library.count, script.count]).to.deep.equal([WRITES, WRITES, WRITES]);
    for (const { calls } of [library, script]) {
      expectSame(c.calls, calls);
      // The receive buffer of the machine decides how many.
      expect(requests(calls)).to.have.length.within(2, WRITES / 50);
      expect(answers(calls)).to.deep.equal(answers(c.calls));
      // One for each of the two batches.
      expect(emptyReads(calls)).to.have.length.at.most(2);
    }
  });

  for (const extensions of ['0', '10'])
    it(`list sockets with the extensions ${extensions}`, async () => {
      using holder = new TracedDialogue(namespace(), ['kill'], floor('sockets', 'hold', `${SOCKETS}`));
      expect(await holder.answer()).to.equal('ready');
      const c = work(floor('sockets', 'list', extensions));
      const library = work(subject('sockets', extensions));
      expect(c.count).to.be.at.least(SOCKETS).and.equal(library.count);
      expectSame(c.calls, library.calls);
    });

  it('dump tracked connections', () => {
    // A rule that reads the state makes the kernel track connections in this namespace.
    namespace().run('iptables', '-w', '-A', 'OUTPUT', '-m', 'conntrack', '--ctstate', 'INVALID', '-j', 'DROP');
    namespace().run(...(subject('tables/conntrack', 'fill', `${CONNECTIONS}`) as [string, ...string[]]));
    const c = work(floor('conntrack'));
    const library = work(subject('tables/conntrack', 'dump'));
    expect([c.count, library.count]).to.deep.equal([CONNECTIONS, CONNECTIONS]);
    expectSame(c.calls, library.calls);
  });

  it('join the same group, and read a storm with a buffer of the same size', async () => {
    const c = await storm(namespace(), floor('storm-reader'));
    const library = await storm(namespace(), subject('storm-reader'));
    const script = await storm(namespace(), subject('floors/storm'));
    // The socket of the script outlives the storm.
    for (const calls of [library, script.filter((call) => !call.includes('NETLINK_DROP_MEMBERSHIP'))]) {
      expectSame(c, calls);
      expect(received(calls)).to.equal(EVENTS);
      expect(Math.max(...calls.filter(isRead).map((call) => readOf(call).width))).to.be.at.most(64);
    }
  });

  describe('with packets', () => {
    usePrograms('iptables');
    // No program reads the packets that arrive.
    before(() => void namespace().run('iptables', '-w', '-A', 'INPUT', '-p', 'udp', '-j', 'DROP'));

    for (const [command, port, target] of [
      ['queue', 9000, 'NFQUEUE --queue-num 1'],
      ['log', 9100, 'NFLOG --nflog-group 1'],
    ] as const)
      it(`bind a ${command} in the same way, and answer the same packets`, async () => {
        namespace().run('iptables', '-w', '-I', 'OUTPUT', '-p', 'udp', '--dport', `${port}`, '-j', ...target.split(' '));
        const sender = floor('packets', 'send', `${port}`, `${PACKETS}`);
        const c = await packets(namespace(), floor('packets', command, '1'), sender);
        const library = await packets(namespace(), subject('packets', command, '1'), sender);
        expect(setup(library)).to.deep.equal(setup(c));
        expect(requests(library)[0]).to.equal(requests(c)[0]);
        expect(verdicts(library)).to.deep.equal(verdicts(c));
        expect(verdicts(library).count).to.equal(command === 'queue' ? PACKETS : 0);
        expect(flags(library)).to.deep.equal(flags(c));
        expect(sizes(library)).to.deep.equal(sizes(c));
      });
  });
});

/** Reads a storm of routes that are added and deleted; returns the calls of the reader. */
async function storm(namespace: Namespace, program: readonly string[]): Promise<Calls> {
  using reader = new TracedDialogue(namespace, CALLS, program);
  expect(await reader.ask('start')).to.equal('ready');
  for (const change of ['add', 'del'])
    namespace.batch(Array.from({ length: EVENTS / 2 }, (_, index) => `route ${change} 198.19.0.${String(index)}/32 dev bench0`));
  expect(JSON.parse(await reader.ask('stop'))).to.include({ events: EVENTS, dropped: 0 });
  return await reader.end();
}

/** Sends packets to a program that receives them; returns its calls. */
async function packets(namespace: Namespace, program: readonly string[], sender: readonly string[]): Promise<Calls> {
  using reader = new TracedDialogue(namespace, CALLS, program);
  await reader.ask('0');
  const answer = reader.ask(`${PACKETS}`);
  answer.catch(() => undefined);
  run('nsenter', [`--net=${namespace.path}`, '--', ...sender], '\n');
  expect((await answer).split(' ')[1]).to.equal(`${PACKETS}`);
  return await reader.end();
}

/** Returns the verdicts of a program: the kinds, and the number of all in its datagrams. */
function verdicts(calls: Calls): { kinds: string[]; count: number } {
  const all = requests(calls).flatMap(
    (call) => call.match(/nlmsg_type=NFNL_SUBSYS_QUEUE<<8\|NFQNL_MSG_VERDICT\w*, nlmsg_flags=\w+/g) ?? [],
  );
  return { kinds: unique(all), count: all.length };
}
