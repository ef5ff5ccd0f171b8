// Adds up the reports of the stages in .cache/reports and ends with the line `N passed, N failed, N skipped`. The exit code is 1 if a
// spec failed or no spec ran. `--failed N` adds N failures that have no report. `--complete` counts each missing program as a
// failure. `--times FILE` prints the time of each stage.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeSkips, missingPrograms, readReports, skipsIn } from './skips.mjs';

const firstLine = (text = '') => text.trim().split('\n', 1)[0];

const { values } = parseArgs({
  options: { failed: { type: 'string', default: '0' }, complete: { type: 'boolean', default: false }, times: { type: 'string' } },
});
const reports = readReports(
  process.env.RXNETLINK_REPORTS ?? join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), '.cache/reports'),
);
const sum = { passed: 0, failed: Number(values.failed) || 0, skipped: 0 };
for (const report of reports) {
  for (const key of Object.keys(sum)) sum[key] += report[key];
}
const skips = skipsIn(reports);
for (const { title } of skips) console.log(`skipped: ${title.slice(0, 200)}`);
for (const line of describeSkips(skips)) console.log(line);
if (values.complete) {
  for (const program of missingPrograms(skips)) {
    console.log(`failed: ${program} is not installed, specs were skipped because of that`);
    sum.failed++;
  }
}
if (values.times !== undefined && existsSync(values.times)) {
  const times = readFileSync(values.times, 'utf8').trim().split('\n');
  for (const [name, seconds] of times.map((line) => line.split('\t'))) console.log(`${Number(seconds).toFixed(1).padStart(8)} s  ${name}`);
}
// Last, because a reader of a long log sees its end first.
for (const { stage, retries = [], failures = [] } of reports) {
  for (const { title, error } of retries) console.log(`tried again: ${stage}: ${title}: ${firstLine(error)}`);
  for (const { title, error } of failures) console.log(`failed: ${stage}: ${title}: ${firstLine(error)}`);
}
if (Number(values.failed) > 0) console.log(`failed: ${values.failed} stages without a failed spec: search this log for FAILED`);
if (sum.passed === 0 && sum.failed === 0) sum.failed = 1;
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
