import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipBecause, type Namespace } from '../support/namespace.js';
import { run, spawnSync } from '../support/programs.js';

/** A traced program. */
export interface Traced {
  readonly output: string;
  /** The calls before the first mark, between the first and the second, and so on. A mark is a signal 0 of the process to itself. */
  readonly sections: readonly (readonly string[])[];
}

/** Skips the specs if strace is not installed, or may not trace. */
export function requireStrace(context: Mocha.Context): void {
  if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) skipBecause(context, 'strace is not installed, or may not trace');
}

/**
 * Runs a program in a namespace under strace.
 *
 * @param calls - The names of the system calls to trace.
 */
export function trace(namespace: Namespace, calls: readonly string[], program: readonly string[], input?: string): Traced {
  const file = join(tmpdir(), `rxnetlink-trace-${String(process.pid)}`);
  const strace = ['strace', '-f', '-v', '-s', '0', '--seccomp-bpf', '-o', file, '-e', `trace=kill,${calls.join(',')}`];
  try {
    const output = run('nsenter', [`--net=${namespace.path}`, '--', ...strace, ...program], input);
    return { output, sections: sectionsOf(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(file, { force: true });
  }
}

function sectionsOf(text: string): string[][] {
  const sections: string[][] = [[]];
  const unfinished = new Map<string, string>();
  for (const [, thread, line] of text.matchAll(/^(\d+) +(.*)$/gm)) {
    // strace prints a call in two lines if a call of another thread interrupts it.
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(line!)?.[1];
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(line!)?.[1];
    const call = rest === undefined ? line! : (unfinished.get(thread!) ?? '') + rest;
    if (begun !== undefined) unfinished.set(thread!, begun);
    else if (/^kill\(\d+, 0/.test(call)) sections.push([]);
    else if (/^\w+\(/.test(call)) sections.at(-1)!.push(call);
  }
  return sections;
}
