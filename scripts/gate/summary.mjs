// Adds up what the stages left in .cache/reports and ends with the line `N passed, N failed, N skipped`. Exit code 1 if anything
// failed, or nothing was tested. `--failed N` adds N failures that left no report. `--complete` counts each program that was
// missing as a failure.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeSkips, missingPrograms, readReports, skipsIn } from './skips.mjs';

const { values } = parseArgs({ options: { failed: { type: 'string', default: '0' }, complete: { type: 'boolean', default: false } } });
const reports = readReports(
  process.env.RXNETLINK_REPORTS ?? join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache/reports'),
);
const sum = { passed: 0, failed: Number(values.failed) || 0, skipped: 0 };
for (const report of reports) {
  for (const key of Object.keys(sum)) sum[key] += report[key];
  for (const { title, error } of report.retries ?? []) console.log(`tried again: ${title}: ${error.split('\n', 1)[0]}`);
  for (const { title } of report.failures ?? []) console.log(`failed: ${title}`);
}
const skips = skipsIn(reports);
for (const { title } of skips) console.log(`skipped: ${title}`);
for (const line of describeSkips(skips)) console.log(line);
if (values.complete) {
  for (const program of missingPrograms(skips)) {
    console.log(`failed: ${program} is not installed, specs were skipped for it`);
    sum.failed++;
  }
}
if (sum.passed === 0 && sum.failed === 0) sum.failed = 1;
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
