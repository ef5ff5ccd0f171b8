import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { command, tryCommand } from '../support/command.js';
import { PackageUnavailableError, suiteLists } from '../support/debian/package-lists.js';
import { preprocess } from './compile.js';

/** The folders of headers that the compiler searches before its own. */
const SEARCHED = 'C_INCLUDE_PATH';

/**
 * Lets the compiler use the kernel's headers of another release of Debian. Downloads and unpacks `linux-libc-dev` once, installs nothing.
 *
 * @param cache - The folder for the package.
 * @throws PackageUnavailableError if the release does not have the package, or the mirror does not answer.
 */
export function useHeaders(cache: string, suite: string): void {
  const folder = join(cache, suite);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(join(folder, 'usr/include/linux'))) fetchHeaders(cache, suite, folder);
  const include = join(folder, 'usr/include');
  const architecture = readdirSync(include).find((name) => name === compilerTarget());
  const folders = [include, ...(architecture === undefined ? [] : [join(include, architecture)]), process.env[SEARCHED] ?? ''];
  process.env[SEARCHED] = folders.filter((each) => each !== '').join(':');
}

/** Returns the version of the headers that the compiler finds, such as `6.12`. */
export function headersVersion(): string {
  const text = preprocess(['linux/version.h'], ['version LINUX_VERSION_CODE']);
  const code = Number(/^version (\d+)$/m.exec(text)?.[1]);
  if (Number.isNaN(code)) throw new Error('check:specs: linux/version.h has no LINUX_VERSION_CODE; install linux-libc-dev');
  return `${String(code >> 16)}.${String((code >> 8) & 0xff)}`;
}

function fetchHeaders(cache: string, suite: string, folder: string): void {
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const { options, problem } = suiteLists(join(cache, `apt-${suite}`), suite);
    if (problem !== undefined) throw new PackageUnavailableError(problem);
    const { status, stderr } = tryCommand('apt-get', [...options, '-q', 'download', 'linux-libc-dev'], { cwd: work });
    const file = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (status !== 0 || file === undefined) throw new PackageUnavailableError(`linux-libc-dev of ${suite}: ${stderr.trim()}`);
    command('dpkg-deb', ['-x', join(work, file), join(work, 'root')]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Returns Debian's name of the compiler's architecture, which is that of the folder with its headers. */
function compilerTarget(): string {
  return command('gcc', ['-print-multiarch']).toString().trim();
}
