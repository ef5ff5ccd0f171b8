import { join } from 'node:path';
import { root } from '../prepare.mjs';

const MOCHA = join(root, 'node_modules/mocha/bin/mocha.js');

/** Keeps the processes that a spec starts from being measured: their number depends on the machine. */
const ALONE = ['--import', 'data:text/javascript,delete process.env.NODE_V8_COVERAGE'];

/** The settings of .mocharc.json, which mocha would apply in another process. */
const WITHOUT_CONFIG = ['--no-config', '--exit', '--timeout', '30000', '--reporter', 'scripts/gate/reports/reporter.cjs'];

/** The folder in which V8 writes the coverage of measured specs; undefined if nothing is measured. */
export const coverageFolder = process.env.RXNETLINK_COVERAGE;

/**
 * Returns the command that runs specs with mocha. It ends after the last spec: a timer that a spec leaves must not block the gate.
 *
 * @param measured - True if their coverage is measured where `RXNETLINK_COVERAGE` names a folder for it.
 */
export function mochaCommand(files, measured = false) {
  if (!measured || coverageFolder === undefined) return [process.execPath, MOCHA, '--exit', '--forbid-only', ...files];
  const node = ['env', `NODE_V8_COVERAGE=${coverageFolder}`, process.execPath, '--import', 'tsx', ...ALONE];
  return [...node, MOCHA, ...WITHOUT_CONFIG, '--forbid-only', ...files];
}
