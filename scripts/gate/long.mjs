// `npm run test:long`: runs the specs that repeat something, as often as spec/support/rounds.ts allows, and with all
// of many similar cases. `npm test` does less.
//
// Those on the kernel wait often, so the other ones run at the same time.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../prepare.mjs';
import { reportFault } from './reports/report-fault.mjs';
import { JobQueue } from './run-jobs.mjs';
import { readReports, writeSum } from './reports/skips.mjs';

const repeats = (file) => file.endsWith('-spec.ts') && /\/support\/(?:rounds|fuzz)\.js'/.test(readFileSync(join(root, file), 'utf8'));
const onTheKernel = (file) => file.startsWith('spec/kernel/');
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
const folder = join(root, '.cache/long');

const files = filesBelow('spec').filter(repeats);
const queue = new JobQueue(2);
const jobs = [
  ['kernel', files.filter(onTheKernel)],
  ['others', files.filter((file) => !onTheKernel(file))],
].map(async ([name, specs]) => {
  const report = join(folder, `${name}.json`);
  rmSync(report, { force: true });
  const env = { ...process.env, RXNETLINK_LONG: '1', RXNETLINK_REPORT: report };
  const result = await queue.run([process.execPath, mocha, '--forbid-only', ...specs], env, () => reportFault(report));
  process.stdout.write(result?.output ?? `\n${name}: not run\n`);
  if (result?.fault !== undefined) console.log(`${name}: ${result.fault}`);
  return result !== undefined && result.fault === undefined;
});
process.exitCode = (await Promise.all(jobs)).every(Boolean) ? 0 : 1;
if (process.env.RXNETLINK_REPORT) writeSum(readReports(folder), process.env.RXNETLINK_REPORT);
