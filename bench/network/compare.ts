import { figuresOf, type Figures } from '../support/figures.js';
import { runIn, subject } from '../support/programs.js';
import type { Result, Series } from '../support/result.js';

/** The cost of one run in milliseconds. */
export interface Cost {
  /** Processor time, user and system. */
  readonly cpu: number;
  readonly wall: number;
}

/** A program that does the work of a row. */
export interface Side {
  readonly name: string;
  readonly role: Series['role'];
  readonly run: () => Cost;
}

const RUNS = 5;

/** Runs a mode of the subject in a namespace and returns its figures. */
export function runSubject<Answer>(namespace: string, ...args: readonly string[]): Answer {
  return runIn<Answer>(namespace, subject('network', args));
}

/** Runs its arguments, then prints the processor time of the child in milliseconds; the kernel counts it in microseconds (getrusage()). */
const RESOURCES = `
import json, resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'cpu': (used.ru_utime + used.ru_stime) * 1000, 'wall': wall * 1000}))
`;

/** Runs `ip` in a namespace, and returns its cost with its start, without that of Python. */
export function runIp(namespace: string, ...args: readonly string[]): Cost {
  return runIn<Cost>(namespace, ['python3', '-c', RESOURCES, 'ip', ...args]);
}

/**
 * Runs the sides in turn.
 *
 * @param prepare - Called before each run.
 * @param missing - The peers that are not installed, with the commands that install them.
 * @returns Two rows, processor time and time, with ratios to the first side.
 */
export function compare(name: string, title: string, prepare: () => void, sides: readonly Side[], missing: readonly string[]): Result[] {
  const rounds = Array.from({ length: RUNS }, () =>
    sides.map(({ run }) => {
      prepare();
      return run();
    }),
  );
  return (['cpu', 'wall'] as const).map((time) => {
    const figures = (side: number): Figures => figuresOf(rounds.map((costs) => costs[side]![time]));
    const ratio = (side: number): Figures => figuresOf(rounds.map((costs) => costs[side]![time] / costs[0]![time]));
    const series = sides.map((side, index) => ({
      name: side.name,
      role: side.role,
      figures: figures(index),
      ...(index > 0 && { ratio: ratio(index) }),
    }));
    const label = time === 'cpu' ? 'processor time' : 'time';
    return { name: `${name}-${time}`, title: `${title}, ${label}`, unit: 'ms', series, checks: [], missing };
  });
}
