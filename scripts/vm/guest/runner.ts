import Mocha from 'mocha';

/** A spec file and how to load it. */
export type SpecLoader = readonly [file: string, load: () => Promise<unknown>];

/** Everything takes about ten times longer than on the machine itself. */
const PATIENCE = 60_000;

/** Runs specs in this process and ends it. The reporter prints, and writes its figures to the file RXNETLINK_REPORT. */
export async function runSpecs(reporter: Mocha.ReporterConstructor, specs: readonly SpecLoader[]): Promise<void> {
  const pattern = process.env['VM_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: PATIENCE,
    slow: PATIENCE,
    // It is a slow machine, and its kernel does much by itself; what was tried again is named in the end.
    retries: 1,
    color: false,
    reporter,
    ...(pattern === undefined ? {} : { grep: pattern }),
  });
  const globals = globalThis as unknown as Mocha.MochaGlobals;
  for (const [file, load] of specs) {
    mocha.suite.emit('pre-require', globals, file, mocha);
    await load();
    mocha.suite.emit('post-require', globals, file, mocha);
  }
  const runner = mocha.run((failures) => process.exit(failures === 0 ? 0 : 1));
  // The reporter prints errors at the end, which a machine that is switched off does not reach.
  for (const event of ['retry', 'fail']) {
    runner.on(event, (test: Mocha.Runnable, error: Error) => {
      console.log(`    ${event}: ${test.fullTitle()}: ${error.message}`);
    });
  }
}
