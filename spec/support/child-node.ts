import { spawnSync } from 'node:child_process';
import { skipBecause } from './namespace.js';

/** Undefined until the first spec needs it. */
let result: { readonly reason: string | undefined } | undefined;

/**
 * Skips a spec, or all of a suite when called from its `before` hook, if this Node cannot start another one.
 *
 * A Node of another architecture under qemu's user-mode emulation cannot: the kernel does not run its executable.
 */
export function needsChildNode(context: Mocha.Context): void {
  result ??= { reason: probe() };
  if (result.reason !== undefined) skipBecause(context, result.reason);
}

function probe(): string | undefined {
  const { status, error, stderr } = spawnSync(process.execPath, ['--version'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `this Node cannot start another Node: ${error?.message ?? stderr.trim()}`;
}
