import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The figures of a run, in the form that all stages write. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

/** A spec, or a whole run, that was skipped. */
export interface Skip {
  readonly title: string;
  readonly reason: string;
  /** The missing programs, if they are the reason. */
  readonly programs: readonly string[];
}

/** A check that failed. */
export interface Failure {
  readonly title: string;
  readonly error: string;
}

/** Returns the report of a run that was skipped as a whole. */
export function skipped(title: string, reason: string, programs: readonly string[] = []): Report {
  const skip = { title: `${title} [skipped: ${reason}]`, reason, programs };
  return { passed: 0, failed: 0, skipped: 1, failures: [], skips: [skip] };
}

/** Writes a report to a file for the gate, and prints it. */
export function leaveReport(report: Report, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  for (const { title, error } of report.failures) process.stdout.write(`failed: ${title}\n  ${error.replaceAll('\n', '\n  ')}\n`);
  for (const { title } of report.skips) process.stdout.write(`skipped: ${title}\n`);
  process.stdout.write(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped\n`);
}
