// Finds a stage that ended with exit code 0 although it checked nothing. `node scripts/gate/reports/report-fault.mjs FILE` prints the fault of a
// report, and fails if there is one.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Returns the fault of a report: it is missing, or it counts nothing. Undefined if there is none. */
export function reportFault(file) {
  if (!existsSync(file)) return 'ended without a report';
  const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
  return passed + failed + skipped === 0 ? 'ran no spec' : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fault = reportFault(process.argv[2]);
  if (fault !== undefined) console.log(fault);
  process.exitCode = fault === undefined ? 0 : 1;
}
