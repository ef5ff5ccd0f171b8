import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, mkdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { AcctFlags, taskstats, type Taskstats } from '../../../../lib/families/taskstats.js';
import { FamilyNotFoundError, KernelError } from '../../../../lib/index.js';
import { skipBecause } from '../../../support/namespace.js';
import { run, spawn, spawnSync, usePrograms } from '../../../support/programs.js';
import { errorOf, until } from '../../../support/sockets.js';
import { useTally } from '../../../support/tally.js';
import { linesOf, schedstatOf, statOf, tasksOf, useWorkers } from './workers.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const DELAY_ACCOUNTING = '/proc/sys/kernel/task_delayacct';

/** Works in user mode and in the kernel, uses memory, reads and writes, waits often; with another user, policy and name. */
const WORK = `
import os, sys, time
memory = bytearray(48 << 20)
for at in range(0, len(memory), 4096): memory[at] = 1
end = time.process_time() + 0.3
while time.process_time() < end: sum(range(1000))
zero, null = os.open('/dev/zero', os.O_RDONLY), os.open('/dev/null', os.O_WRONLY)
for _ in range(3000): os.write(null, os.read(zero, 8192))
for _ in range(50): time.sleep(0.001)
open('/proc/self/comm', 'w').write('worker (7)')
os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
os.setresgid(4242, 4242, 4242)
os.setresuid(4343, 4343, 4343)
print('ready', flush=True)
sys.stdin.read()
`;

const THREADS = `
import sys, threading, time
def work():
    for _ in range(20): time.sleep(0.001); sum(range(30000))
gone = [threading.Thread(target=work) for _ in range(2)]
for thread in gone: thread.start()
for thread in gone: thread.join()
stay = threading.Event()
done = threading.Barrier(4)
def wait():
    work(); done.wait(); stay.wait()
for _ in range(3): threading.Thread(target=wait, daemon=True).start()
done.wait()
print('ready', flush=True)
sys.stdin.read()
`;

const floor = (bytes: string) => (BigInt(bytes) / 1024n) * 1024n;

describe('taskstats', function () {
  this.timeout(40_000);
  usePrograms('python3');
  const tally = useTally('/proc and wait(2)');
  const work = useWorkers();
  const client = taskstats();

  before(async function () {
    const error = await errorOf(client.do('get', { pid: process.pid }));
    if (error instanceof FamilyNotFoundError) skipBecause(this, "this kernel has no family 'TASKSTATS'", error);
    if (error instanceof KernelError && error.code === 'EPERM') skipBecause(this, 'taskstats needs CAP_NET_ADMIN', error);
    expect(error).to.equal(undefined);
  });
  after(() => client.close());

  const statsOf = async (request: { pid: number } | { tgid: number }): Promise<Taskstats> => {
    const { aggrPid, aggrTgid } = await lastValueFrom(client.do('get', request));
    expect('pid' in request ? [aggrPid?.pid, aggrTgid] : [aggrTgid?.tgid, aggrPid]).to.deep.equal([...Object.values(request), undefined]);
    return (aggrPid ?? aggrTgid)!.stats!;
  };

  it('reads the numbers of a task as /proc shows them', async () => {
    const { pid } = await work(WORK, 'nice', '-n', String(5 - getPriority()));
    const stats = await statsOf({ pid });
    const [stat, status, io, sched] = [statOf(pid), linesOf(pid, 'status'), linesOf(pid, 'io'), schedstatOf(pid)];
    const exe = statSync(`/proc/${pid}/exe`);
    const shown = {
      ...{ acPid: Number(stat[0]), acComm: stat[1], acPpid: Number(stat[3]), acNice: Number(stat[18]) },
      ...{ acMinflt: BigInt(stat[9]!), acMajflt: BigInt(stat[11]!), acSched: stat[40] === '3' ? 'batch' : stat[40] },
      ...{ acUid: Number(status['Uid']!.split('\t')[0]), acGid: Number(status['Gid']!.split('\t')[0]), acTgid: Number(status['Tgid']) },
      ...{ nvcsw: BigInt(status['voluntary_ctxt_switches']!), nivcsw: BigInt(status['nonvoluntary_ctxt_switches']!) },
      ...{ hiwaterVm: BigInt(status['VmPeak']!.split(' ')[0]!) },
      ...{ readChar: floor(io['rchar']!), writeChar: floor(io['wchar']!), readSyscalls: floor(io['syscr']!) },
      ...{ writeSyscalls: floor(io['syscw']!), readBytes: floor(io['read_bytes']!), writeBytes: floor(io['write_bytes']!) },
      ...{ cancelledWriteBytes: floor(io['cancelled_write_bytes']!), acExeInode: BigInt(exe.ino) },
      ...{ cpuRunVirtualTotal: sched[0], cpuDelayTotal: sched[1], cpuCount: sched[2] },
      ...{ acExitcode: 0, blkioCount: 0n, swapinCount: 0n },
    };
    const read = Object.fromEntries(Object.keys(shown).map((name) => [name, stats[name as keyof Taskstats]]));
    // Version 12 added the executed file and the ID of the process.
    for (const name of ['acTgid', 'acExeInode'] as const) if (!(name in stats)) shown[name] = undefined as never;
    expect(read).to.deep.equal(shown);
    expect([shown.acComm, shown.acUid, shown.acGid, shown.acNice, shown.acSched]).to.deep.equal(['worker (7)', 4343, 4242, 5, 'batch']);
    expect(Number(shown.readChar)).to.be.within(3000 * 8192, 3000 * 8192 + (8 << 20));
    // A stacked file system has another number in stat(2).
    if (stats.acExeDev !== undefined && exe.dev > 255) expect(Number(stats.acExeDev)).to.equal(exe.dev);
    // Here the kernel reads counters of memory that lag by some pages for each processor.
    expect(Math.abs(Number(stats.hiwaterRss) - parseInt(status['VmHWM']!))).to.be.below(4096);
    expect(Number(stats.hiwaterRss)).to.be.above(48 << 10);
    expect(Number(shown.nvcsw)).to.be.at.least(50);
    tally.add(Object.keys(shown).length);
  });

  it('reads times in the units of its documentation', async () => {
    const { pid } = await work(WORK);
    const before = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1e6;
    const stats = await statsOf({ pid });
    const stat = statOf(pid);
    // Both are counted in ticks. The times of /proc are scaled so that their sum is that of the scheduler.
    const counted = Number(stats.acUtime + stats.acStime);
    expect(counted / (Number(stats.cpuRunVirtualTotal) / 1e3)).to.be.within(0.3, 3);
    expect(counted / ((Number(stat[13]) + Number(stat[14])) * 1e4)).to.be.within(0.3, 3);
    expect(Number(stats.cpuRunRealTotal) / 1e3).to.be.closeTo(counted, 1e3);
    const started = Number(stat[21]) * 1e4;
    expect(Number(stats.acEtime)).to.be.within(before - started - 20_000, before - started + 1_000_000);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]);
    expect(stats.acBtime).to.be.within(boot + started / 1e6 - 2, boot + started / 1e6 + 2);
    tally.add(5);
    if (stats.acBtime64 === undefined || stats.acTgetime === undefined) return;
    expect(Number(stats.acBtime64)).to.equal(stats.acBtime);
    expect(stats.acTgetime).to.equal(stats.acEtime);
    tally.add(2);
  });

  it('reads the sums of a process with threads, and each thread', async () => {
    const { pid } = await work(THREADS);
    const tasks = tasksOf(pid);
    expect(tasks).to.have.length(4);
    const threads = await Promise.all(tasks.map((task) => statsOf({ pid: task })));
    expect(threads.map(({ acPid, acPpid }) => [acPid, acPpid])).to.deep.equal(tasks.map((task) => [task, process.pid]));
    const scheds = tasks.map((task) => schedstatOf(pid, task));
    expect(threads.map((one) => [one.cpuRunVirtualTotal, one.cpuDelayTotal, one.cpuCount])).to.deep.equal(scheds);
    const sums = await statsOf({ tgid: pid });
    // The sums contain two threads that have ended. Kernels before version 14 of the struct do not count their switches.
    const switches = tasks.map((task) => BigInt(linesOf(pid, 'status', task)['voluntary_ctxt_switches']!)).reduce((a, b) => a + b);
    expect(Number(sums.nvcsw - switches)).to.be.within(sums.version < 14 ? 0 : 40, 400);
    const running = scheds.map(([nanoseconds]) => nanoseconds!).reduce((a, b) => a + b);
    expect(sums.cpuRunVirtualTotal > running).to.equal(true);
    expect({ comm: sums.acComm, pid: sums.acPid, minflt: sums.acMinflt }).to.deep.equal({ comm: '', pid: 0, minflt: 0n });
    tally.add(tasks.length * 5 + 5);
  });

  it('counts delays of tasks that start under delay accounting', async function () {
    let was: string;
    try {
      was = readFileSync(DELAY_ACCOUNTING, 'utf8').trim();
      writeFileSync(DELAY_ACCOUNTING, '1');
    } catch (error) {
      return skipBecause(this, 'this kernel cannot turn delay accounting on (kernel.task_delayacct)', error);
    }
    const file = join(mkdtempSync(join(tmpdir(), 'rxnetlink-delays-')), 'data');
    try {
      // A child process writes 500 pages that it shares with its parent: each write waits for a copy.
      const { pid } = await work(`
import mmap, os, sys
pages = mmap.mmap(-1, 500 * 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for at in range(500): pages[at * 4096] = 1
descriptor = os.open('${file}', os.O_RDWR | os.O_CREAT, 0o600)
os.write(descriptor, bytes(4 << 20))
os.fsync(descriptor)
os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
while os.read(descriptor, 4096): pass
os.lseek(descriptor, 0, 0)
os.read(descriptor, 4 << 20)
if os.fork() == 0: sys.stdin.read(); os._exit(0)
for at in range(500): pages[at * 4096] = 2
print('ready', flush=True)
sys.stdin.read()
`);
      const stats = await statsOf({ pid });
      expect(statOf(pid)[41]).to.equal(String(stats.blkioDelayTotal / 10_000_000n));
      if (stats.wpcopyCount === undefined) return;
      expect(Number(stats.wpcopyCount)).to.be.within(500, 5000);
      expect(Number(stats.wpcopyDelayTotal! / stats.wpcopyCount)).to.be.within(20, 1e7);
      if (stats.wpcopyDelayMax === undefined) return;
      expect(stats.wpcopyDelayMin! <= stats.wpcopyDelayTotal! / stats.wpcopyCount).to.equal(true);
      expect(stats.wpcopyDelayMax >= stats.wpcopyDelayTotal! / stats.wpcopyCount).to.equal(true);
      tally.add(5);
    } finally {
      writeFileSync(DELAY_ACCOUNTING, was);
      run('rm', ['-rf', join(file, '..')]);
    }
  });

  it('counts the tasks of a cgroup as /proc shows their states', async function () {
    const mount = mkdtempSync(join(tmpdir(), 'rxnetlink-cgroup-'));
    const name = `name=rxnl${process.pid}`;
    const mounting = ['-t', 'cgroup', '-o', `none,${name}`, 'rxnetlink', mount];
    const { status, stderr } = spawnSync('mount', mounting, { encoding: 'utf8' });
    if (status !== 0) {
      rmdirSync(mount);
      skipBecause(this, 'cgroups of version 1 cannot be mounted', stderr);
    }
    const group = join(mount, 'tasks-of-the-spec');
    mkdirSync(group);
    const fifo = `${mount}-fifo`;
    run('mkfifo', [fifo]);
    // Since Linux 6.1 the kernel counts neither `sleep` nor a task that reads from a socket: their state has the bit TASK_FREEZABLE.
    const read = `exec cat <> ${fifo}`;
    const children = [read, read, read, 'kill -STOP $$', 'while :; do :; done'].map((line) =>
      spawn('sh', ['-c', `echo $$ > ${group}/cgroup.procs; ${line}`]),
    );
    const states = () => children.map(({ pid }) => statOf(pid!)[2]).join('');
    try {
      await until(
        'the states',
        () => states() === 'SSSTR' && readFileSync(`${group}/cgroup.procs`, 'utf8').trim().split('\n').length === 5,
      );
      const fd = openSync(group, 'r');
      const { cgroupStats } = await lastValueFrom(client.do('cgroup-get', { fd }));
      closeSync(fd);
      expect(cgroupStats).to.deep.equal({ nrSleeping: 3n, nrRunning: 1n, nrStopped: 1n, nrUninterruptible: 0n, nrIoWait: 0n });
      tally.add(5);
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await until('the end', () => readFileSync(`${group}/cgroup.procs`, 'utf8') === '');
      rmdirSync(group);
      unlinkSync(fifo);
      run('umount', [mount]);
      // The kernel keeps a hierarchy if a group in it was deleted a moment ago: it goes with the next time that it is unmounted.
      const isKept = () => readFileSync('/proc/self/cgroup', 'utf8').includes(`${name}:`);
      await until('the end of the hierarchy', () => {
        // A mount fails as long as the kernel is deleting the hierarchy.
        if (isKept() && spawnSync('mount', mounting).status === 0) run('umount', [mount]);
        return !isKept();
      });
      rmdirSync(mount);
    }
  });

  it('names the process of an error, and rejects a directory that is not one of cgroups', async () => {
    const over = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
    const messages = await Promise.all(
      [{ pid: over }, { tgid: over }].map(async (request) => ((await errorOf(client.do('get', request))) as KernelError).message),
    );
    expect(messages).to.deep.equal([`ESRCH get: task ${over}`, `ESRCH get: process ${over}`]);
    const fd = openSync('/', 'r');
    expect(await errorOf(client.do('cgroup-get', { fd })))
      .to.be.instanceOf(KernelError)
      .with.property('code', 'EINVAL');
    closeSync(fd);
  });

  it('states the missing capability', function () {
    const program = `
import { lastValueFrom } from 'rxjs';
import { taskExits, taskstats } from './lib/families/taskstats.ts';
for (const answer of [taskstats().do('get', { pid: 1 }), taskExits()]) await lastValueFrom(answer).catch((error) => console.log(error.message));
`;
    const args = ['--user', process.execPath, '--import', 'tsx', '--input-type=module', '--eval', program];
    const { status, stdout, stderr } = spawnSync('unshare', args, { cwd: ROOT, encoding: 'utf8' });
    if (/unshare: /.test(stderr)) skipBecause(this, 'no user namespace can be made', stderr);
    expect(status, stderr).to.equal(0);
    expect(stdout.trim().split('\n')).to.deep.equal([
      'EPERM get: task 1 (needs CAP_NET_ADMIN in the initial namespace)',
      'EPERM register (needs CAP_NET_ADMIN in the initial namespace)',
    ]);
  });

  it('has the flags of linux/acct.h', async () => {
    // This process uses the privileges of root.
    expect((await statsOf({ pid: process.pid })).acFlag & AcctFlags.Su).to.equal(AcctFlags.Su);
  });
});
