// Writes figures to the folder in which the gate adds them up.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Collects the results of a run: `pass`, `fail` and `skip` print a line each, `leave` writes the report. */
export class Report {
  #passed = 0;
  #failures = [];
  #skips = [];

  pass(title) {
    this.#passed++;
    console.log(`passed: ${title}`);
  }

  fail(title, error) {
    this.#failures.push({ title, error });
    console.log(`failed: ${title}\n  ${error.replaceAll('\n', '\n  ')}`);
  }

  /**
   * @param programs - The missing programs, if they are the reason; a package of npm is `npm:name`.
   */
  skip(title, reason, programs = []) {
    this.#skips.push({ title: `${title} [skipped: ${reason}]`, reason, programs });
    console.log(`skipped: ${title}: ${reason}`);
  }

  /** Writes the report if the gate asked for one, and sets the exit code. */
  leave() {
    const report = {
      passed: this.#passed,
      failed: this.#failures.length,
      skipped: this.#skips.length,
      failures: this.#failures,
      skips: this.#skips,
    };
    const file = process.env.RXNETLINK_REPORT;
    if (file !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    }
    process.exitCode = report.failed > 0 ? 1 : 0;
  }
}
