import Mocha from 'mocha';

/**
 * The machine lacks a program, a privilege or a kernel feature.
 *
 * A test that ends with this error, or with an error that has it as its `cause`, is skipped. In a `before` hook it skips
 * the suite. The title of the test and the report name the reason.
 */
export class Unavailable extends Error {
  /** The missing thing: skips are counted by it. */
  readonly reason: string;
  /** The programs that are not installed; none if something else is missing. */
  readonly programs: readonly string[];

  constructor(reason: string, { programs = [], detail = '' }: { readonly programs?: readonly string[]; readonly detail?: string } = {}) {
    super(detail === '' ? reason : `${reason}: ${shorten(detail)}`);
    this.name = 'Unavailable';
    this.reason = reason;
    this.programs = programs;
  }
}

/**
 * The last missing program that the running test or hook used.
 *
 * A test may catch the error, wait for an event that cannot occur, and fail with another error: the missing program is still
 * the reason.
 */
let missing: Unavailable | undefined;

/** Makes the error for programs that are not installed. */
export function notInstalled(programs: readonly string[]): Unavailable {
  missing = new Unavailable(`${programs.join(' and ')} ${programs.length === 1 ? 'is' : 'are'} not installed`, { programs });
  return missing;
}

/** Returns the text as one line; of a long text only the end, which names the failure. */
function shorten(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= 160 ? line : `...${line.slice(-157)}`;
}

/** Properties of a skipped test that scripts/gate/reports/reporter.cjs reads. */
interface SkippedTest {
  skipReason?: string;
  missingPrograms?: readonly string[];
}

/**
 * Skips a test, or a suite when called from its `before` hook, and adds the reason to the title.
 *
 * @param reason - The missing feature: `'this kernel has no MPTCP'`.
 * @param error - The error that shows it, or its text. A missing program replaces the reason.
 */
export function skipBecause(context: Mocha.Context, reason: string | Unavailable, error?: unknown): never {
  const unavailable = unavailableIn(error) ?? unavailableIn(reason);
  if (unavailable !== undefined) throw unavailable;
  const detail = error instanceof Error ? error.message : String(error ?? '');
  throw new Unavailable(String(reason), { detail });
}

/** Returns the error, or the cause of an error, that is `Unavailable`. */
function unavailableIn(error: unknown): Unavailable | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Unavailable) return cause;
  }
  return undefined;
}

type Hook = Mocha.Runnable & { readonly type?: string };
type Test = Mocha.Runnable & SkippedTest;

/** Returns the tests that a runnable decides about: itself, or those of its hook. */
function testsOf(runnable: Hook): Test[] {
  if (runnable.type !== 'hook') return [runnable];
  const tests: Test[] = [];
  const current = runnable.ctx?.currentTest;
  if (/^"(before|after) all"/.test(runnable.title)) runnable.parent?.eachTest((test) => tests.push(test));
  else if (current !== undefined) tests.push(current);
  return tests;
}

/** Tests for a hook after tests, which cannot skip them. */
function isAfterTests(runnable: Hook): boolean {
  return runnable.type === 'hook' && runnable.title.startsWith('"after');
}

const prototype = Mocha.Runnable.prototype;
const run = prototype.run;

/** Ends a test or a hook as mocha's runner expects it. */
type End = (error?: unknown) => void;

prototype.run = function (this: Mocha.Runnable, end: End): void {
  missing = undefined;
  run.call(this, (error?: unknown) => {
    const tests = testsOf(this);
    if (isAfterTests(this)) {
      // A hook that cleans up after skipped tests finds nothing to clean up.
      return tests.every(({ skipReason }) => skipReason !== undefined) ? end() : end(error);
    }
    const unavailable = error === undefined ? undefined : (missing ?? unavailableIn(error));
    if (unavailable === undefined) return end(error);
    for (const test of tests) skip(test, unavailable);
    this.pending = true;
    end();
  });
};

function skip(test: Test, { message, reason, programs }: Unavailable): void {
  if (test.isPending()) return;
  test.title += ` [skipped: ${message}]`;
  test.skipReason = reason;
  test.missingPrograms = programs;
}
