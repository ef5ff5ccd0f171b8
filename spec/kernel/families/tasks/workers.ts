import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { spawn } from '../../../support/programs.js';
import { until } from '../../../support/sockets.js';

/** A process that has done its work and waits: its numbers do not change any more. */
export interface Worker {
  readonly pid: number;
  readonly child: ChildProcess;
}

/** Returns a function that starts a Python program and waits until it prints `ready`; it then must wait for its input. */
export function useWorkers(): (program: string, ...command: readonly string[]) => Promise<Worker> {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  return async (program, ...command) => {
    const [name, ...args] = [...command, 'python3', '-S', '-E', '-c', program];
    const child = spawn(name, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    await until('the worker', () => printed.includes('ready'), 20_000);
    const pid = child.pid!;
    await until('the worker that waits', () => tasksOf(pid).every((task) => statOf(pid, task)[2] === 'S'));
    return { pid, child };
  };
}

/** Returns the IDs of the tasks of a process. */
export const tasksOf = (pid: number): number[] => readdirSync(`/proc/${pid}/task`).map(Number);

/** Returns the fields of `/proc/<pid>/task/<task>/stat`, numbered from 1 as in proc(5); the name is the second one. */
export function statOf(pid: number, task: number = pid): string[] {
  const [, number, name, rest] = /^(\d+) \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').trim())!;
  return [number!, name!, ...rest!.split(' ')];
}

/** Returns the lines `name: value` of a file of a task, e.g. `status` or `io`. */
export function linesOf(pid: number, file: string, task: number = pid): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/task/${task}/${file}`, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
}

/** Returns the numbers of `/proc/<pid>/task/<task>/schedstat`: nanoseconds on a processor, nanoseconds of waiting, number of runs. */
export const schedstatOf = (pid: number, task: number = pid): bigint[] =>
  readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').trim().split(' ').map(BigInt);
