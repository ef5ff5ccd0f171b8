import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { processEvents, type ProcessEvent, type ProcessEventsOptions } from '../../../../lib/families/cn_proc.js';
import { NetlinkError, OverrunError, resyncOnOverrun } from '../../../../lib/index.js';
import { needsFunction } from '../../../support/features.js';
import { skipBecause } from '../../../support/namespace.js';
import { spawn, spawnSync, usePrograms } from '../../../support/programs.js';
import { rounds } from '../../../support/rounds.js';
import { collect, linger, pause, until, type Collected } from '../../../support/sockets.js';
import { useTally } from '../../../support/tally.js';
import { FACTS, FORKS, type Fact } from './actions.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const SELECTION = 'selection of process events, which came with 6.6';

/** Prints the first event of a child process, or the error. */
const PROGRAM = `
import { spawnSync } from 'node:child_process';
import { processEvents } from './lib/families/cn_proc.ts';
const events = processEvents(JSON.parse(process.argv[1]));
const print = (text) => { console.log(text); process.exit(); };
events.subscribe({ next: ({ what }) => print(what), error: (error) => print(error.message) });
for (let count = 0; count < 100; count++) { spawnSync('true'); await new Promise((resolve) => setTimeout(resolve, 20)); }
`;

/** Takes another name, by prctl: before 5.16 the kernel reports no names that are written to /proc. */
const RENAMED = `
import ctypes, sys
ctypes.CDLL(None).prctl(15, b'renamed')
sys.exit(int(sys.argv[1]))
`;

/** Returns a fact as text; the order of its members does not count. */
const textOf = ({ what, data }: { readonly what: unknown; readonly data: object }): string =>
  JSON.stringify([what, ...Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

describe('processEvents', function () {
  this.timeout(60_000);
  usePrograms('python3');
  const tally = useTally('wait(2) and the processes');
  const running: Pick<Collected<unknown>, 'stop'>[] = [];

  before(function () {
    const probe = collect(processEvents());
    probe.stop();
    if (probe.end === undefined) return;
    if (!(probe.end instanceof NetlinkError)) throw probe.end;
    const [uids, own] = [readFileSync('/proc/self/uid_map', 'utf8'), readFileSync('/proc/self/status', 'utf8')];
    const isFirst = /^\s+0\s+0\s+4294967295\n$/.test(uids) && /^NSpid:\t\d+$/m.test(own);
    if (isFirst && probe.end.code === 'EPERM') throw probe.end;
    skipBecause(this, 'the kernel sends process events to the first namespaces only', probe.end);
  });

  afterEach(() => {
    for (const events of running.splice(0)) events.stop();
  });

  const listen = (options?: ProcessEventsOptions): Collected<ProcessEvent> => {
    const events = collect(processEvents(options));
    running.push(events);
    expect(events.end).to.equal(undefined);
    return events;
  };
  const python = (program: string, ...args: readonly string[]): { pid: number; facts: readonly Fact[] } => {
    const { stdout, stderr, status, pid } = spawnSync('python3', ['-S', '-E', '-c', program, ...args], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    return { pid, facts: JSON.parse(stdout) as Fact[] };
  };
  /** Waits for the exit of a process, which is its last event. */
  const ended = (events: Collected<ProcessEvent>, pid: number) =>
    until(
      'the exit',
      () => events.values.some(({ what, data }) => what === 'exit' && (data as { processPid: number }).processPid === pid),
      50_000,
    );

  it('emits every kind of event with the facts that the processes know', async () => {
    const began = process.hrtime.bigint();
    const events = listen();
    const { pid, facts } = python(FACTS);
    await ended(events, pid);
    const over = process.hrtime.bigint();
    expect(new Set(facts.map(({ what }) => what))).to.deep.equal(
      new Set(['fork', 'exec', 'uid', 'gid', 'sid', 'ptrace', 'comm', 'coredump', 'exit']),
    );
    const found = new Set(events.values.map(({ what, data }) => textOf({ what, data })));
    expect(facts.map(textOf).filter((fact) => !found.has(fact))).to.deep.equal([]);
    tally.add(facts.reduce((sum, { data }) => sum + Object.keys(data).length, 0));
    const times = events.values.map(({ timestampNs }) => timestampNs);
    expect(times.filter((time) => time < began || time > over)).to.deep.equal([]);
    const online = Number(spawnSync('nproc', ['--all'], { encoding: 'utf8' }).stdout);
    expect(events.values.filter(({ cpu }) => cpu >= online)).to.deep.equal([]);
    expect(new Set(events.values.map(({ idx, val, len, ack }) => [idx, val, len, ack].join()))).to.deep.equal(new Set(['1,1,40,0']));
    expect(events.end).to.equal(undefined);
  });

  it('emits the events of a process in their order', async () => {
    const events = listen();
    const { pid } = spawnSync('sh', ['-c', 'exit 5']);
    await ended(events, pid);
    const own = events.values.filter(({ data }) =>
      Object.entries(data).some(([key, value]) => /^(child|process)Pid$/.test(key) && value === pid),
    );
    expect(own.map(({ what }) => what)).to.deep.equal(['fork', 'exec', 'exit']);
    const [fork, , exit] = own;
    expect(fork!.data).to.deep.include({ parentTgid: process.pid, childTgid: pid });
    expect(exit!.data).to.deep.include({ exitCode: 5 << 8, exitSignal: 17, parentTgid: process.pid });
    tally.add(5);
  });

  it(`emits every fork and exit of ${rounds(1000, 30_000)} processes`, async () => {
    const count = rounds(1000, 30_000);
    const events = listen();
    const child = spawn('python3', ['-S', '-E', '-c', FORKS, String(count)]);
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the facts', () => printed.endsWith(']\n'), 50_000);
    await ended(events, child.pid!);
    const facts = JSON.parse(printed) as readonly (readonly [pid: number, status: number])[];
    expect(facts).to.have.length(count);
    const statuses = new Map(facts);
    const forks = events.values.flatMap(({ what, data }) => (what === 'fork' && statuses.has(data.childPid) ? [data] : []));
    const exits = events.values.flatMap(({ what, data }) => (what === 'exit' && statuses.has(data.processPid) ? [data] : []));
    expect(forks.map(({ childPid }) => childPid)).to.deep.equal(facts.map(([pid]) => pid));
    expect(exits.map(({ processPid, exitCode }) => [processPid, exitCode]).toSorted((a, b) => a[0]! - b[0]!)).to.deep.equal(
      facts.toSorted((a, b) => a[0] - b[0]),
    );
    expect(events.end).to.equal(undefined);
    tally.add(3 * count);
  });

  it('ends with an OverrunError if its queue overflows, and continues with resyncOnOverrun', async () => {
    const lost: OverrunError[] = [];
    const events = collect(processEvents({ receiveBufferSize: 4096 }).pipe(resyncOnOverrun((error) => void lost.push(error))));
    running.push(events);
    spawnSync('python3', ['-S', '-E', '-c', FORKS, '200']);
    linger(20);
    await until('the overrun', () => lost.length > 0);
    expect(lost[0]).to.be.instanceOf(OverrunError);
    await until('the next exit', () => {
      const { pid } = spawnSync('true', []);
      return events.values.some(({ what, data }) => what === 'exit' && data.processPid > pid - 50);
    });
    expect(events.end).to.equal(undefined);
  });

  it('emits the selected events only', async () => {
    const events = listen({ events: ['comm', 'nonzero-exit'] });
    const pids = [0, 3, 0, 4].map((code) => spawnSync('python3', ['-S', '-E', '-c', RENAMED, String(code)]).pid);
    const kept = () => events.values.filter(({ data }) => pids.includes((data as { processTgid: number }).processTgid));
    await until('the exits', () => kept().length === 6);
    await pause();
    expect(kept().map(({ what, data }) => [what, 'comm' in data ? data.comm : (data as { exitCode: number }).exitCode >> 8])).to.deep.equal(
      [
        ...[
          ['comm', 'renamed'],
          ['comm', 'renamed'],
          ['exit', 3],
        ],
        ...[
          ['comm', 'renamed'],
          ['comm', 'renamed'],
          ['exit', 4],
        ],
      ],
    );
    expect(new Set(events.values.map(({ what }) => what))).to.deep.equal(new Set(['comm', 'exit']));
    tally.add(6);
  });

  it('receives from the kernel the selected events only, and none after the last subscriber has left', async function () {
    needsFunction(this, 'cn_filter', SELECTION);
    const events = processEvents({ events: ['exec'] });
    using _lease = events.client.socket.connect();
    const all = collect(events.client.socket.multicast(1));
    const seen = collect(events);
    running.push(all, seen);
    await pause();
    const before = all.values.length - seen.values.length;
    for (let count = 0; count < 5; count++) spawnSync('true');
    await until('the programs', () => seen.values.length >= 5);
    await pause();
    // The first messages were sent before the kernel knew the selection.
    expect(all.values.length - before).to.equal(seen.values.length);
    seen.stop();
    await pause();
    const after = all.values.length;
    for (let count = 0; count < 5; count++) spawnSync('true');
    await pause(50);
    expect(all.values.length).to.equal(after);
    all.stop();
    events.close();
  });

  /** Runs the program in other namespaces or with other capabilities, and returns what it prints. */
  const elsewhere = (context: Mocha.Context, command: readonly string[], options: ProcessEventsOptions = {}): string => {
    const [name, ...args] = [
      ...command,
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      PROGRAM,
      JSON.stringify(options),
    ];
    const { status, stdout, stderr } = spawnSync(name, args, { cwd: ROOT, encoding: 'utf8' });
    if (/^unshare: /m.test(stderr)) skipBecause(context, 'a namespace cannot be made', stderr);
    expect(status, stderr).to.equal(0);
    return stdout.trim();
  };

  it('states that another network namespace has no process events, and works from there with netns', function () {
    expect(elsewhere(this, ['unshare', '--net'])).to.equal(
      'ECONNREFUSED processEvents: process events exist in the first network namespace only; open the socket there with netns: { pid: 1 }',
    );
    expect(elsewhere(this, ['unshare', '--net'], { netns: `/proc/${process.pid}/ns/net` })).to.match(/^[a-z]+$/);
  });

  for (const namespace of ['--pid', '--user']) {
    it(`states that the kernel ignores listeners elsewhere: unshare ${namespace}`, function () {
      const printed = elsewhere(this, namespace === '--pid' ? ['unshare', '--pid', '--fork'] : ['unshare', '--user']);
      // Before 6.6 joining the group fails in another namespace of users.
      expect(printed).to.match(/^EPERM (processEvents: the kernel did not answer; .*first namespaces of processes and users|joinGroup)/);
    });
  }

  it('needs CAP_NET_ADMIN before Linux 6.6', function () {
    const printed = elsewhere(this, ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin']);
    let selects = true;
    try {
      needsFunction(this, 'cn_filter', SELECTION);
    } catch {
      selects = false;
    }
    expect(printed).to.match(selects ? /^[a-z]+$/ : /^EPERM .*CAP_NET_ADMIN/);
  });
});
