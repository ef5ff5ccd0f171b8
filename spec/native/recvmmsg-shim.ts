import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild, type ChildOptions, type Ended } from '../support/child.js';
import { skipBecause } from '../support/namespace.js';
import { spawnSync } from '../support/programs.js';

/*
 * A recvmmsg that replaces libc's (LD_PRELOAD): it fails with the errno in a file while that exists, or is slow, and records each
 * call. Both can apply to all threads, or only to the one that reads ahead.
 */
const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
static int number_in(const char *name, const char *suffix) {
  char path[4096];
  int number = 0;
  snprintf(path, sizeof path, "%s/%s%s", getenv("RECVMMSG_SHIM"), name, suffix);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%d", &number) != 1) number = 0;
  fclose(file);
  return number;
}
static void note(char what, int aside, int fd, unsigned count, int result) {
  char path[4096], line[64];
  snprintf(path, sizeof path, "%s/calls", getenv("RECVMMSG_SHIM"));
  const int log = open(path, O_WRONLY | O_APPEND);
  if (log < 0) return;
  if (write(log, line, snprintf(line, sizeof line, "%c %d %d %u %d\\n", what, aside, fd, count, result)) < 0) abort();
  close(log);
}
int recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags, struct timespec *timeout) {
  static int (*real)(int, struct mmsghdr *, unsigned, int, struct timespec *);
  if (real == NULL) real = dlsym(RTLD_NEXT, "recvmmsg");
  const int aside = gettid() != getpid();
  const char *suffix = aside ? ".aside" : ".loop";
  int number = number_in("fail", "");
  if (number == 0) number = number_in("fail", suffix);
  note('+', aside, fd, count, 0);
  const int delay = number_in("delay", suffix);
  if (delay > 0) usleep(delay * 1000);
  int result = -1;
  if (number == 0)
    result = real(fd, headers, count, flags, timeout);
  else
    errno = number;
  const int error = errno;
  note('-', aside, fd, count, result);
  errno = error;
  return result;
}
`;

/** A recorded call of recvmmsg. */
export interface NotedCall {
  /** True for a call from a thread other than the main thread. */
  readonly aside: boolean;
  readonly asked: number;
  /** The number of datagrams, or -1. */
  readonly result: number;
  /** True if another call on the same descriptor was running when it began. */
  readonly overlaps: boolean;
}

/** Runs scripts with the shim preloaded. */
export interface RecvmmsgShim {
  /**
   * Runs a script in a process of its own; beside what {@link runChild} gives it, it has `shim`, the folder of the shim's
   * files: `fail`, `fail.loop` and `fail.aside` hold an errno, `delay.loop` and `delay.aside` milliseconds; `calls` has a
   * line for the beginning of each call (`+`), and one for its end (`-`).
   */
  run(script: string, options?: ChildOptions): Promise<Ended & { readonly calls: readonly NotedCall[] }>;
}

/** Provides the shim to the specs of a `describe`; they are skipped if it cannot be compiled. */
export function useRecvmmsgShim(): RecvmmsgShim {
  let folder = '';
  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'rxnl-shim-'));
    writeFileSync(join(folder, 'shim.c'), SOURCE);
    const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-o', join(folder, 'shim.so'), join(folder, 'shim.c'), '-ldl']);
    if (status !== 0) skipBecause(this, 'the C compiler cannot build the shim', String(stderr));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    async run(script, options = {}) {
      for (const name of ['fail', 'fail.loop', 'fail.aside', 'delay.loop', 'delay.aside']) rmSync(join(folder, name), { force: true });
      writeFileSync(join(folder, 'calls'), '');
      const preload = [process.env['LD_PRELOAD'], join(folder, 'shim.so')].filter(Boolean).join(':');
      const env = { ...options.env, LD_PRELOAD: preload, RECVMMSG_SHIM: folder };
      const ended = await runChild(`const shim = ${JSON.stringify(folder)};\n${script}`, { ...options, env });
      return { ...ended, calls: readCalls(join(folder, 'calls')) };
    },
  };
}

function readCalls(file: string): NotedCall[] {
  const calls: NotedCall[] = [];
  const running = new Map<string, boolean[]>();
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const [what, aside, fd, asked, result] = line.split(' ') as [string, string, string, string, string];
    const others = running.get(fd) ?? [];
    running.set(fd, others);
    if (what === '+') others.push(others.length > 0);
    else calls.push({ aside: aside === '1', asked: Number(asked), result: Number(result), overlaps: others.pop() ?? false });
  }
  return calls;
}
