import type { Target } from './targets.mjs';

/** Returns the compiler of a target as it is called here, or undefined when there is none. */
export function compilerOf(target: Pick<Target, 'arch' | 'compiler'>): string | undefined;
