import { findAddon } from '../../../lib/socket/native/find-addon.js';
import { run } from '../../support/programs.js';

/**
 * Runs a script in a Node process that loads nothing except the addon, and returns what it prints, as JSON.
 *
 * @param script - CommonJS. `addon` is the addon; `print` prints a value.
 * @param prefix - A command that starts Node, such as `['unshare', '--mount']`.
 */
export function runBare<T>(script: string, prefix: readonly string[] = []): T {
  const prelude = `const addon = require(${JSON.stringify(findAddon())}); const print = (value) => console.log(JSON.stringify(value) ?? 'null');`;
  const [command, ...args] = [...prefix, process.execPath, '--eval', prelude + script];
  return JSON.parse(run(command, args)) as T;
}
