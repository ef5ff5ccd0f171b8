import { writeFileSync } from 'node:fs';

import Mocha from 'mocha';

/** A spec file and how to load it. */
export type SpecLoader = readonly [file: string, load: () => Promise<unknown>];

const REPORT = '/run/vm/report.json';
/** Everything takes about ten times longer than on the machine itself. */
const PATIENCE = 60_000;

/** Runs specs in this process, prints a line for each and leaves a report in mocha's own JSON form. */
export async function runSpecs(specs: readonly SpecLoader[]): Promise<void> {
  const pattern = process.env['VM_GREP'];
  const mocha = new Mocha({ ui: 'bdd', timeout: PATIENCE, reporter: LineReporter, ...(pattern ? { grep: pattern } : {}) });
  for (const [file, load] of specs) {
    mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, file, mocha);
    await load();
    mocha.suite.emit('post-require', globalThis as unknown as Mocha.MochaGlobals, file, mocha);
  }
  mocha.run((failures) => process.exit(failures === 0 ? 0 : 1));
}

class LineReporter {
  constructor(runner: Mocha.Runner) {
    const { constants } = Mocha.Runner;
    const tests: object[] = [];
    const failed = new Map<Mocha.Runnable, Error>();
    runner.on(constants.EVENT_TEST_FAIL, (test, error: Error) => {
      failed.set(test, error);
      console.log(`  failed   ${test.fullTitle()}\n${indent(error.stack ?? error.message)}`);
      if (test.type === ('hook' as string)) tests.push(entry(test, error));
    });
    runner.on(constants.EVENT_TEST_PASS, (test) => {
      console.log(`  passed   ${test.fullTitle()} (${String(test.duration ?? 0)} ms)`);
    });
    runner.on(constants.EVENT_TEST_PENDING, (test) => {
      console.log(`  pending  ${test.fullTitle()}`);
    });
    runner.on(constants.EVENT_TEST_END, (test) => tests.push(entry(test, failed.get(test))));
    runner.once(constants.EVENT_RUN_END, () => {
      writeFileSync(REPORT, JSON.stringify({ stats: runner.stats, tests }));
    });
  }
}

function entry(test: Mocha.Runnable & { readonly pending?: boolean }, error: Error | undefined): object {
  const state = error !== undefined ? 'failed' : test.state === 'passed' ? 'passed' : 'pending';
  const err = error === undefined ? {} : { message: error.message, stack: error.stack };
  return { title: test.title, fullTitle: test.fullTitle(), duration: test.duration, state, err };
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '           ');
}
