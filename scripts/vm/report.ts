import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { MachineResult } from './machine.js';

/** The figures of a run, in the form that all stages leave. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly error: string }[];
  readonly skips: readonly string[];
}

/** Reads what the machine left; one that ended without a report, or with a status that contradicts it, counts as a failed test. */
export function toReport({ status, report }: MachineResult, release: string): Report {
  if (report === undefined) return failure(`${release} ends its run with a report`, `it ended without one (status ${String(status)})`);
  const figures = JSON.parse(report) as Report;
  if (figures.failed === 0 && status !== 0) return failure(`${release} ends its run well`, `status ${String(status)}`);
  if (figures.passed + figures.failed === 0) return failure(`${release} runs specs`, 'there was none');
  return figures;
}

function failure(title: string, error: string): Report {
  return { passed: 0, failed: 1, skipped: 0, failures: [{ title, error }], skips: [] };
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
