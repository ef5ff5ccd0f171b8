import { readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { AcctFlags, taskExits, taskstats, type ExitEvent, type TaskExitsOptions } from '../../../../lib/families/taskstats.js';
import { FamilyNotFoundError, KernelError, OverrunError, resyncOnOverrun } from '../../../../lib/index.js';
import { skipBecause } from '../../../support/namespace.js';
import { spawn, spawnSync, usePrograms } from '../../../support/programs.js';
import { rounds } from '../../../support/rounds.js';
import { collect, errorOf, linger, pause, until, type Collected } from '../../../support/sockets.js';
import { useTally } from '../../../support/tally.js';

/** Starts a program and returns its process ID and its end, as wait(2) reports it. */
function runToEnd(command: string, ...args: readonly string[]): { pid: number; code: number | null; signal: string | null } {
  const { pid, status: code, signal } = spawnSync(command, args);
  return { pid, code, signal };
}

/** Forks many processes one after the other; prints their IDs. Each exits with the lowest 8 bits of its number. */
const FORKS = `
import os, sys
pids = []
for number in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0: os._exit(number & 255)
    os.waitpid(pid, 0)
    pids.append(pid)
print(' '.join(map(str, pids)))
`;

const THREADS = `
import threading
threads = [threading.Thread(target=lambda: sum(range(10000))) for _ in range(5)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

/** Exits on one processor, which it does not leave. */
const ON_PROCESSOR = `
import os, sys
os.sched_setaffinity(0, [int(sys.argv[1])])
`;

/** Returns false if the first process has another namespace of this kind, as far as this process may know it. */
function isFirst(kind: string): boolean {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`) === readlinkSync(`/proc/1/ns/${kind}`);
  } catch {
    return true;
  }
}

describe('taskExits', function () {
  this.timeout(60_000);
  usePrograms('python3');
  const tally = useTally('wait(2)');
  const running: Collected<ExitEvent>[] = [];

  before(async function () {
    const others = ['net', 'pid', 'user'].filter((kind) => !isFirst(kind));
    if (others.length > 0) skipBecause(this, 'the kernel sends the events to the first namespaces only');
    using client = taskstats();
    const error = await errorOf(client.do('register', { registerCpumask: '0' }));
    if (error instanceof FamilyNotFoundError) skipBecause(this, "this kernel has no family 'TASKSTATS'", error);
    if (error instanceof KernelError && error.code === 'EPERM') skipBecause(this, 'taskstats needs CAP_NET_ADMIN', error);
    expect(error).to.equal(undefined);
  });

  afterEach(() => {
    for (const events of running.splice(0)) events.stop();
  });

  /** Waits for the exit of a process on the last processor: kernels before 5.13 register the processors one after the other. */
  const registered = (events: Collected<ExitEvent>): Promise<void> => {
    const pids = new Set<number>();
    return until('the registration', () => {
      if (pids.size < 20) pids.add(python(ON_PROCESSOR, String(availableParallelism() - 1)).pid);
      return events.values.some(({ aggrPid }) => pids.has(aggrPid!.pid!));
    });
  };
  /** Subscribes and waits until the kernel has registered the socket. */
  const listen = async (options?: TaskExitsOptions): Promise<Collected<ExitEvent>> => {
    const events = collect(taskExits(options));
    running.push(events);
    if (options?.cpus === undefined) await registered(events);
    return events;
  };
  const python = (program: string, ...args: readonly string[]) => {
    const { stdout, stderr, status, pid } = spawnSync('python3', ['-S', '-E', '-c', program, ...args], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    return { pid, printed: stdout.trim() };
  };
  const statsOf = ({ values }: Collected<ExitEvent>, pid: number) => values.find(({ aggrPid }) => aggrPid?.pid === pid)?.aggrPid?.stats;

  it('emits the exit of each process with its code, signal, name and parent', async () => {
    const events = await listen();
    const ended = [0, 1, 7, 255].map((code) => runToEnd('sh', '-c', `exit ${code}`));
    ended.push(...['KILL', 'TERM', 'USR1'].map((signal) => runToEnd('sh', '-c', `kill -${signal} $$`)));
    await until('the exits', () => ended.every(({ pid }) => statsOf(events, pid) !== undefined));
    const numbers: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGUSR1: 10 };
    for (const { pid, code, signal } of ended) {
      const stats = statsOf(events, pid)!;
      const status = signal === null ? code! << 8 : numbers[signal]!;
      const { acExitcode, acComm, acPpid, acPid, acUid } = stats;
      expect({ acExitcode, acComm, acPpid, acPid, acUid }).to.deep.equal({
        ...{ acExitcode: status, acComm: 'sh', acPpid: process.pid, acPid: pid, acUid: process.getuid!() },
      });
      expect((stats.acFlag & AcctFlags.Xsig) !== 0).to.equal(signal !== null);
      if (stats.acTgid !== undefined) expect(stats.acFlag & AcctFlags.Group).to.equal(AcctFlags.Group);
      tally.add(7);
    }
  });

  it('emits the exit of each thread, and the sums of the process with the last one', async function () {
    const events = await listen();
    const { pid } = python(THREADS);
    const ofProcess = () => events.values.filter(({ aggrPid }) => aggrPid?.pid === pid || aggrPid?.stats?.acTgid === pid);
    await until('the process', () => statsOf(events, pid) !== undefined);
    const exits = ofProcess();
    if (exits.at(-1)!.aggrPid!.stats!.acTgid === undefined) skipBecause(this, 'this kernel does not name the process of a thread (acTgid)');
    expect(exits).to.have.length(6);
    expect(exits.map(({ aggrTgid }) => aggrTgid?.tgid)).to.deep.equal([...Array<undefined>(5).fill(undefined), pid]);
    const total = exits.map(({ aggrPid }) => aggrPid!.stats!.cpuRunVirtualTotal).reduce((a, b) => a + b);
    expect(Number(exits.at(-1)!.aggrTgid!.stats!.cpuRunVirtualTotal)).to.be.closeTo(Number(total), 1e6);
    tally.add(8);
  });

  it(`emits every one of ${rounds(1000, 20_000)} processes that end one after the other`, async () => {
    const count = rounds(1000, 20_000);
    const events = await listen();
    const child = spawn('python3', ['-S', '-E', '-c', FORKS, String(count)]);
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the end', () => statsOf(events, child.pid!) !== undefined, 50_000);
    const pids = printed.trim().split(' ').map(Number);
    const forked = new Set(pids);
    const seen = events.values.map(({ aggrPid }) => aggrPid!).filter(({ pid, stats }) => forked.has(pid!) && stats!.acPpid === child.pid);
    expect(seen).to.have.length(count);
    expect(seen.map(({ pid }) => pid).toSorted((a, b) => a! - b!)).to.deep.equal(pids.toSorted((a, b) => a - b));
    const codes = new Map(pids.map((pid, number) => [pid, number & 255]));
    expect(seen.filter(({ pid, stats }) => stats!.acExitcode >> 8 !== codes.get(pid!))).to.deep.equal([]);
    expect(events.end).to.equal(undefined);
    tally.add(2 * count);
  });

  it('ends with an OverrunError if its queue overflows, and continues with resyncOnOverrun', async () => {
    const lost: OverrunError[] = [];
    const exits = taskExits({ receiveBufferSize: 4096 });
    const events = collect(exits.pipe(resyncOnOverrun((error) => void lost.push(error))));
    running.push(events);
    await until('the registration', () => {
      spawnSync('true', []);
      return events.values.length > 0;
    });
    const { pid } = python(FORKS, '200');
    linger(50);
    await until('the overrun', () => lost.length > 0);
    expect(lost[0]).to.be.instanceOf(OverrunError);
    await until('the next exit', () => {
      spawnSync('true', []);
      return events.values.some(({ aggrPid }) => aggrPid!.pid! !== pid && aggrPid!.stats!.acComm === 'true' && lost.length > 0);
    });
    expect(events.end).to.equal(undefined);
  });

  it('emits exits on the processors of its option only', async function () {
    const processors = spawnSync('nproc', [], { encoding: 'utf8' }).stdout.trim();
    if (Number(processors) < 2) skipBecause(this, 'this machine has one processor');
    const [first, second] = await Promise.all([listen({ cpus: '0' }), listen({ cpus: '1' })]);
    await pause();
    const pids = [0, 1, 0, 1].map((cpu) => python(ON_PROCESSOR, String(cpu)).pid);
    await until('the exits', () => statsOf(second, pids[3]!) !== undefined && statsOf(first, pids[2]!) !== undefined);
    const found = [first, second].map((events) => pids.map((pid) => statsOf(events, pid) !== undefined));
    expect(found).to.deep.equal([
      [true, false, true, false],
      [false, true, false, true],
    ]);
    tally.add(8);
  });

  it('receives nothing after it is deregistered, while its socket stays open', async () => {
    using client = taskstats();
    const events = collect(client.events('exit'));
    running.push(events);
    // Kernels before 5.13 do not know the word `all`.
    const cpus = readFileSync('/sys/devices/system/cpu/possible', 'utf8').trim();
    await lastValueFrom(client.do('register', { registerCpumask: cpus }));
    const { pid } = runToEnd('true');
    await until('the exit', () => statsOf(events, pid) !== undefined);
    await lastValueFrom(client.do('register', { deregisterCpumask: cpus }));
    const later = runToEnd('true');
    await pause(50);
    expect(statsOf(events, later.pid)).to.equal(undefined);
    expect(events.end).to.equal(undefined);
  });

  it('states the reasons for a list of processors that the kernel rejects', async () => {
    for (const cpus of ['5000-9000', 'x']) {
      const error = (await errorOf(taskExits({ cpus }))) as KernelError;
      expect(error).to.be.instanceOf(KernelError);
      expect(error.message).to.match(/^(EINVAL|ERANGE) register.*\/sys\/devices\/system\/cpu\/possible/);
    }
  });

  it('is rejected in another namespace of processes', function () {
    const program = `
import { lastValueFrom } from 'rxjs';
import { taskExits } from './lib/families/taskstats.ts';
await lastValueFrom(taskExits()).catch((error) => console.log(error.message));
`;
    const args = ['--pid', '--fork', process.execPath, '--import', 'tsx', '--input-type=module', '--eval', program];
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    if (/unshare: /.test(stderr)) skipBecause(this, 'no namespace of processes can be made', stderr);
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/^EINVAL register.*first namespaces of processes and users only/);
  });
});
