import type { Report } from '../support/report.js';
import type { MachineResult } from './machine.js';

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
