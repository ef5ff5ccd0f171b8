// Repeats the spec files that failed in a new process. mocha's `--retries` repeats tests only: no hook, and not what tests share.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** More failures have a cause of their own. */
const MOST_FILES = 3;

/** This spec judges what those before it in its process did. Alone it always passes. */
const NEVER_ALONE = /(?:^|\/)kernel-log-spec\.ts$/;

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Returns the command that runs the failed files again, its environment with a report of its own, and the files; undefined if nothing
 * failed, if the process failed in another way than by its specs, or if the files cannot run alone.
 *
 * @param fault - The fault of the process: mocha's exit code is the number of failures.
 */
export function repeatedCommand(command, env, fault) {
  const report = env.RXNETLINK_REPORT;
  if (!report || !existsSync(report)) return undefined;
  const { failures = [] } = read(report);
  const files = [...new Set(failures.map(({ file }) => file))];
  if (fault !== `exit code ${Math.min(failures.length, 255)}`) return undefined;
  if (files.length === 0 || files.length > MOST_FILES) return undefined;
  if (files.some((file) => !command.includes(file) || NEVER_ALONE.test(file))) return undefined;
  const start = command.filter((word) => !/-spec\.ts$/.test(word));
  return { command: [...start, ...files], env: { ...env, RXNETLINK_REPORT: report.replace(/\.json$/, '.again') }, files };
}

/**
 * Replaces the figures of the files that ran again by those of their second run, whose report is then removed. What failed first is
 * listed as repeated. What failed first and was skipped then has failed.
 *
 * @returns False if something has failed.
 */
export function replaceFailed(report, again) {
  if (!existsSync(again)) return false;
  const first = read(report);
  const second = read(again);
  rmSync(again);
  const files = new Set(first.failures.map(({ file }) => file));
  const isKept = ({ file }) => !files.has(file);
  const passedIn = { ...Object.fromEntries(Object.entries(first.passedIn).filter(([file]) => !files.has(file))), ...second.passedIn };
  const skips = [...first.skips.filter(isKept), ...second.skips];
  const isSkipped = ({ title, file }) =>
    / hook (?:for|in) /.test(title) ? !second.passedIn[file] : second.skips.some((skip) => skip.title.startsWith(title));
  const failures = [...second.failures, ...first.failures.filter(isSkipped)];
  const figures = {
    passed: Object.values(passedIn).reduce((sum, count) => sum + count, 0),
    failed: failures.length,
    skipped: skips.length,
    duration: first.duration + second.duration,
  };
  const retries = [...first.retries, ...first.failures, ...second.retries];
  writeFileSync(report, `${JSON.stringify({ ...figures, failures, skips, retries, passedIn }, null, 2)}\n`);
  return failures.length === 0;
}
