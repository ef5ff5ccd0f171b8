'use strict';

// Mocha's spec reporter, which also writes the figures as JSON to the file in RXNETLINK_REPORT.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, relative } = require('node:path');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING, EVENT_TEST_RETRY } = Mocha.Runner.constants;

/** Returns the file of a test or a hook, relative to the working directory. */
const fileOf = ({ file, parent }) => (file === undefined ? (parent === undefined ? '' : fileOf(parent)) : relative(process.cwd(), file));

/** Returns the report of a failed test or hook. */
const failureOf = (test, error) => ({ title: test.fullTitle(), error: String(error?.stack ?? error), file: fileOf(test) });

/** Returns the report of a skipped test. spec/support/unavailable.ts sets its properties: the reason and the missing programs. */
const skipOf = (test) => ({
  title: test.fullTitle(),
  file: fileOf(test),
  reason: test.skipReason ?? 'without a reason',
  programs: test.missingPrograms ?? [],
});

module.exports = class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.RXNETLINK_REPORT;
    if (file === undefined || file === '') return;
    const failures = [];
    const skips = [];
    const retries = [];
    const passedIn = {};
    runner.on(EVENT_TEST_PASS, (test) => (passedIn[fileOf(test)] = (passedIn[fileOf(test)] ?? 0) + 1));
    runner.on(EVENT_TEST_FAIL, (test, error) => failures.push(failureOf(test, error)));
    runner.on(EVENT_TEST_RETRY, (test, error) => retries.push(failureOf(test, error)));
    runner.on(EVENT_TEST_PENDING, (test) => skips.push(skipOf(test)));
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures: failed, pending, duration } = runner.stats;
      mkdirSync(dirname(file), { recursive: true });
      const figures = { passed: passes, failed, skipped: pending, duration, failures, skips, retries, passedIn };
      writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    });
  }
};
