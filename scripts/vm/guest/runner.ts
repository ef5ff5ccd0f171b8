import Mocha from 'mocha';
import { omitUndefined } from '../../../lib/check/index.js';

/** A spec file and how to load it. */
export type SpecLoader = readonly [file: string, load: () => Promise<unknown>];

/** The factor by which all time limits are extended, and the limit of a spec that sets none, in milliseconds. */
const PATIENCE = Number(process.env['RXNETLINK_PATIENCE'] ?? 1);
const LIMIT = 10_000;

/** The methods that {@link extendTimeLimits} replaces. */
interface Limited {
  timeout: (this: Mocha.Runnable, ...limit: number[]) => number;
}
interface Cloned {
  clone: (this: Mocha.Test) => Mocha.Test;
}

/** Extends the time limits that specs set, before they run and while they run. */
function extendTimeLimits(): void {
  const limited = Mocha.Runnable.prototype as unknown as Limited;
  const cloned = Mocha.Test.prototype as unknown as Cloned;
  const { timeout } = limited;
  const { clone } = cloned;
  let extended = true;
  limited.timeout = function (...limit) {
    const result = timeout.apply(this, limit);
    return limit.length === 0 && extended ? result * PATIENCE : result;
  };
  // A test that is retried gets the limit of the first attempt.
  cloned.clone = function () {
    extended = false;
    try {
      return clone.call(this);
    } finally {
      extended = true;
    }
  };
}

/** Runs specs in this process and ends it. The reporter prints, and writes its figures to the file RXNETLINK_REPORT. */
export async function runSpecs(reporter: Mocha.ReporterConstructor, specs: readonly SpecLoader[]): Promise<void> {
  const pattern = process.env['VM_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: LIMIT,
    slow: LIMIT * PATIENCE,
    // It is a slow machine, and its kernel does much by itself; what was tried again is named in the end.
    retries: 1,
    color: false,
    reporter,
    ...omitUndefined({ grep: pattern }),
  });
  const globals = globalThis as unknown as Mocha.MochaGlobals;
  for (const [file, load] of specs) {
    mocha.suite.emit('pre-require', globals, file, mocha);
    await load();
    mocha.suite.emit('post-require', globals, file, mocha);
  }
  extendTimeLimits();
  const runner = mocha.run((failures) => process.exit(failures === 0 ? 0 : 1));
  // The reporter prints errors at the end, which a machine that is switched off does not reach.
  for (const event of ['retry', 'fail']) {
    runner.on(event, (test: Mocha.Runnable, error: Error) => {
      console.log(`    ${event}: ${test.fullTitle()}: ${error.message}`);
    });
  }
}
