import { spawnSync } from 'node:child_process';
import { skipBecause } from './unavailable.js';

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

/**
 * Skips a spec under qemu's user-mode emulation (`npm run test:arm64` and others), which lacks something that it needs.
 *
 * @param lacks - The end of the sentence "the emulator ...".
 */
export function needsMoreThanEmulator(context: Mocha.Context, lacks: string): void {
  if (process.env['RXNETLINK_EMULATED'] === '1') skipBecause(context, `the emulator ${lacks}`);
}
