// `npm run test:long`: runs the specs that repeat something, as often as spec/support/rounds.ts allows, and with all
// of many similar cases. `npm test` does less. `npm run test:long -- kernel` runs those of spec/kernel, and `-- others` the others.
//
// Those on the kernel wait often, so the other ones run at the same time.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../prepare.mjs';
import { mochaCommand } from './mocha-command.mjs';
import { reportFault } from './reports/report-fault.mjs';
import { JobQueue } from './run-jobs.mjs';
import { readReports, writeSum } from './reports/skips.mjs';

const repeats = (file) => file.endsWith('-spec.ts') && /\/support\/(?:rounds|fuzz)\.js'/.test(readFileSync(join(root, file), 'utf8'));
const onTheKernel = (file) => file.startsWith('spec/kernel/');
const folder = join(root, '.cache/long');

const files = filesBelow('spec').filter(repeats);
const JOBS = { kernel: files.filter(onTheKernel), others: files.filter((file) => !onTheKernel(file)) };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in JOBS));
if (unknown.length > 0) {
  console.error(`rxnetlink: test:long: unknown part (${unknown.join(', ')}); expected ${Object.keys(JOBS).join(', ')}`);
  process.exit(2);
}
const chosen = Object.entries(JOBS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
rmSync(folder, { recursive: true, force: true });
const queue = new JobQueue(chosen.length);
const jobs = chosen.map(async ([name, specs]) => {
  const report = join(folder, `${name}.json`);
  const began = performance.now();
  const env = { ...process.env, RXNETLINK_LONG: '1', RXNETLINK_REPORT: report };
  const result = await queue.run(mochaCommand(specs), env, () => reportFault(report));
  process.stdout.write(result?.output ?? `\n${name}: not run\n`);
  console.log(`-- ${name}: ${result?.fault ?? 'passed'}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return result !== undefined && result.fault === undefined;
});
process.exitCode = (await Promise.all(jobs)).every(Boolean) ? 0 : 1;
if (process.env.RXNETLINK_REPORT) writeSum(readReports(folder), process.env.RXNETLINK_REPORT);
