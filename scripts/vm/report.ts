import type { MachineResult } from './machine.js';

/** One test of a run, in mocha's JSON form. */
export interface VmTest {
  readonly title: string;
  readonly fullTitle: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly duration?: number;
  readonly err: { readonly message?: string; readonly stack?: string };
}

/** What a run says, in mocha's JSON form. */
export interface VmReport {
  readonly stats: {
    readonly tests: number;
    readonly passes: number;
    readonly pending: number;
    readonly failures: number;
    readonly duration: number;
  };
  readonly tests: readonly VmTest[];
}

/** Reads what the machine left; a machine that ended without a report, or with a status that contradicts it, is a failed test. */
export function toReport({ status, report }: MachineResult, release: string): VmReport {
  const { stats, tests } =
    report === undefined ? { stats: { duration: 0 }, tests: [] } : (JSON.parse(report) as { stats: { duration: number }; tests: VmTest[] });
  const all = [...tests];
  if (report === undefined) all.push(broken(`${release} ends the run with a report`, `it ended without one (status ${String(status)})`));
  else if (status !== 0 && all.every(({ state }) => state !== 'failed'))
    all.push(broken(`${release} ends the run well`, `status ${String(status)}`));
  const count = (state: VmTest['state']): number => all.filter((test) => test.state === state).length;
  return {
    stats: { tests: all.length, passes: count('passed'), pending: count('pending'), failures: count('failed'), duration: stats.duration },
    tests: all,
  };
}

function broken(title: string, message: string): VmTest {
  return { title, fullTitle: `wide kernel ${title}`, state: 'failed', err: { message } };
}

/** Prints the counts as the other test commands do. */
export function printSummary({ stats }: VmReport): void {
  console.log(`${String(stats.passes)} passed, ${String(stats.failures)} failed, ${String(stats.pending)} pending`);
}
