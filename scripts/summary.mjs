// Adds up what the stages left in .cache/reports and ends with the line `N passed, N failed, N skipped`. Exit code 1 where anything
// failed, or nothing was tested. `--failed N` adds N failures that left no report.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache/reports');
const sum = { passed: 0, failed: Number(process.argv[process.argv.indexOf('--failed') + 1] ?? 0) || 0, skipped: 0 };
for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  for (const key of Object.keys(sum)) sum[key] += report[key];
  for (const skip of report.skips ?? []) console.log(`skipped: ${skip}`);
  for (const { title, error } of report.retries ?? []) console.log(`tried again: ${title}: ${error.split('\n', 1)[0]}`);
  for (const { title } of report.failures ?? []) console.log(`failed: ${title}`);
}
if (sum.passed === 0 && sum.failed === 0) sum.failed = 1;
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
