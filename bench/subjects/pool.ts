/*
 * Dumps routes while the thread pool is full. For each line on stdin, `idle`, `computing` or `waiting`: four jobs of two seconds each are
 * begun, or none; the answer is `{"count", "times"}`: how long some dumps took meanwhile, in milliseconds. `hold` begins jobs that compute
 * and is answered at once, `join` when they have ended: so that somebody else can be measured beside them.
 *
 *   computing    pbkdf2: takes the pool's threads, and the processors
 *   waiting      opening a pipe that nobody writes to: takes the pool's threads only
 */
import { spawnSync } from 'node:child_process';
import { pbkdf2, pbkdf2Sync } from 'node:crypto';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Protocol, netlink } from '../../dist/index.js';
import { pause, reply } from './answer.js';
import { streamRoutes } from './dumps.js';

const JOBS = 4;
const JOB_SECONDS = 2;
const DUMPS = 5;

const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();

/** How many rounds of pbkdf2 take one job's time. */
function roundsOfJob(): number {
  const rounds = 200_000;
  const began = process.cpuUsage();
  pbkdf2Sync('password', 'salt', rounds, 32, 'sha256');
  const { user, system } = process.cpuUsage(began);
  return Math.round((rounds * JOB_SECONDS * 1e6) / (user + system));
}

async function compute(): Promise<void> {
  const rounds = roundsOfJob();
  await Promise.all(Array.from({ length: JOBS }, () => promisify(pbkdf2)('password', 'salt', rounds, 32, 'sha256')));
}

async function wait(): Promise<void> {
  const paths = Array.from({ length: JOBS }, (_, index) => join(tmpdir(), `rxnl-bench-${process.pid}-pipe-${index}`));
  spawnSync('mkfifo', paths);
  const opened = Promise.all(paths.map(async (path) => (await open(path, 'r')).close()));
  await pause(1000 * JOB_SECONDS);
  // Opening both ends waits for nobody, and lets the others go.
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
  let busy = kind !== 'idle';
  const done = jobs[kind]!().then(() => {
    busy = false;
  });
  const times: number[] = [];
  let count = 0;
  for (let run = 0; run < DUMPS; run++) {
    const began = performance.now();
    count = await streamRoutes(socket);
    times.push(performance.now() - began);
    // What begins after the jobs have ended is no news.
    if (kind !== 'idle' && !busy) break;
  }
  await done;
  return JSON.stringify({ count, times });
}

let held: Promise<void> | undefined;
await reply(async (line) => {
  if (line === 'hold') {
    held = compute();
    return 'ready';
  }
  if (line !== 'join') return measure(line);
  await held;
  return 'done';
});
lease.unsubscribe();
