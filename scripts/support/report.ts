import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The figures of a run, in the form that all stages leave. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly string[];
}

/** Something that should hold and does not. */
export interface Failure {
  readonly title: string;
  readonly error: string;
}

/** What stands for a run that could not be. */
export function skipped(reason: string): Report {
  return { passed: 0, failed: 0, skipped: 1, failures: [], skips: [reason] };
}

/** Leaves the figures where the gate adds them up, and says them in its words. */
export function leaveReport(report: Report, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  for (const { title, error } of report.failures) process.stdout.write(`failed: ${title}\n  ${error.replaceAll('\n', '\n  ')}\n`);
  for (const reason of report.skips) process.stdout.write(`skipped: ${reason}\n`);
  process.stdout.write(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped\n`);
}
