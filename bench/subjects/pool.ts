/*
 * Dumps routes while the thread pool is full. The lines `idle`, `computing` and `waiting` on stdin start no jobs, or four jobs of two
 * seconds each. The answer is `{"count", "times", "full"}`: the times of the dumps meanwhile, in milliseconds, and true if the jobs filled the
 * pool until the end of the last dump. `hold computing` and `hold waiting` start these jobs and answer immediately; `join` answers when they
 * have ended, with `full` if they filled the pool when `join` came, else with `free`. Another program is measured in between.
 *
 * With the argument `unref` the socket does not keep the event loop alive: no thread reads ahead for such a socket. With `least` the dumps are those of
 * JavaScript that only makes rows.
 *
 *   computing    pbkdf2: occupies the threads of the pool and the processors
 *   waiting      opening a pipe without a writer: occupies only the threads of the pool
 */
import { spawnSync } from 'node:child_process';
import { pbkdf2, pbkdf2Sync } from 'node:crypto';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Protocol, netlink } from '../../dist/index.js';
import { pause, reply } from '../support/answer.js';
import { streamRoutes } from './dumps.js';
import { typed } from './floors/dumps.js';
import { blocking, connection } from './floors/route.js';

const JOBS = 4;
const JOB_SECONDS = 2;
const DUMPS = 5;
/** The threads of the pool, of which Node's default is four. */
const THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

/** The number of jobs that have not ended. */
let unfinished = 0;

/** Returns true if the jobs occupy all threads of the pool. */
const isFull = (): boolean => unfinished >= THREADS;

/** Runs jobs at the same time. */
async function runJobs(job: (index: number) => Promise<unknown>): Promise<void> {
  unfinished = JOBS;
  const run = async (index: number): Promise<void> => {
    await job(index);
    unfinished--;
  };
  await Promise.all(Array.from({ length: JOBS }, (_, index) => run(index)));
}

const [mode] = process.argv.slice(2);
const ref = mode !== 'unref';
const socket = netlink({ protocol: Protocol.Route, ref });
const lease = socket.connect();
// Such a socket would let the process end while it waits for a dump.
const keepsAlive = ref ? undefined : setInterval(() => undefined, 1000);

/** Returns the number of pbkdf2 rounds that need the time of one job. */
function roundsOfJob(): number {
  const rounds = 200_000;
  const began = process.cpuUsage();
  pbkdf2Sync('password', 'salt', rounds, 32, 'sha256');
  const { user, system } = process.cpuUsage(began);
  return Math.round((rounds * JOB_SECONDS * 1e6) / (user + system));
}

async function compute(): Promise<void> {
  const rounds = roundsOfJob();
  await runJobs(() => promisify(pbkdf2)('password', 'salt', rounds, 32, 'sha256'));
}

async function wait(): Promise<void> {
  const paths = Array.from({ length: JOBS }, (_, index) => join(tmpdir(), `rxnl-bench-${process.pid}-pipe-${index}`));
  spawnSync('mkfifo', paths);
  const opened = runJobs(async (index) => (await open(paths[index]!, 'r')).close());
  await pause(1000 * JOB_SECONDS);
  // Opening both ends does not wait, and ends the waiting opens.
  for (const path of paths) closeAfter(opened, openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
  await opened;
  for (const path of paths) rmSync(path);
}

function closeAfter(done: Promise<unknown>, descriptor: number): void {
  void done.finally(() => {
    closeSync(descriptor);
  });
}

const jobs: Record<string, () => Promise<void>> = { idle: () => Promise.resolve(), computing: compute, waiting: wait };

async function measure(kind: string): Promise<string> {
  const done = jobs[kind]!();
  const times: number[] = [];
  let count = 0;
  for (let run = 0; run < DUMPS; run++) {
    const began = performance.now();
    count = await (mode === 'least' ? typed() : streamRoutes(socket));
    times.push(performance.now() - began);
  }
  const full = isFull();
  await done;
  return JSON.stringify({ count, times, full });
}

let held: Promise<void> | undefined;
await reply(async (line) => {
  const [word, kind] = line.split(' ');
  if (kind !== undefined) {
    held = jobs[kind]!();
    return 'ready';
  }
  if (word !== 'join') return measure(line);
  const full = isFull();
  await held;
  return full ? 'full' : 'free';
});
clearInterval(keepsAlive);
lease.unsubscribe();
connection.close();
blocking.close();
