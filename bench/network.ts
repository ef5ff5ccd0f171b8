/*
 * `npm run bench:network`: measures `network()` beside `ip` and Go: routes added in one call, links listed with their addresses, a change in
 * a view of few and of many routes, many namespaces watched. `-- --only writing,reading,changing,watching` selects some.
 */
import { parseArgs } from 'node:util';
import { measureChanging } from './network/changing.js';
import { measureReading } from './network/reading.js';
import { measureWatching } from './network/watching.js';
import { measureWriting } from './network/writing.js';
import { describeMachine } from './support/machine.js';
import { buildSubjects } from './support/programs.js';
import { printChecks, printMachine, printResult } from './support/report.js';
import type { Result } from './support/result.js';

const rows: Readonly<Record<string, () => Result[]>> = {
  writing: measureWriting,
  reading: measureReading,
  changing: measureChanging,
  watching: measureWatching,
};

const { values } = parseArgs({ options: { only: { type: 'string', default: Object.keys(rows).join() } } });
const chosen = values.only.split(',').map((name) => {
  const measure = rows[name];
  if (measure === undefined) throw new RangeError(`bench:network: no row is named ${name}; expected ${Object.keys(rows).join(', ')}`);
  return measure;
});
await buildSubjects();
printMachine(describeMachine());
const checks = chosen.flatMap((measure) => {
  const results = measure();
  for (const result of results) printResult(result);
  return results.flatMap((result) => result.checks);
});
printChecks(checks);
process.exit(checks.every(({ holds }) => holds) ? 0 : 1);
