import fc from 'fast-check';

/** How many cases to try, and from which seed: `FUZZ_RUNS` and `FUZZ_SEED`, else 100 cases from a seed of the day. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() & 0x7fff_ffff);

if (!Number.isSafeInteger(runs) || runs < 1) throw new RangeError(`FUZZ_RUNS is no count: ${process.env['FUZZ_RUNS']}`);
if (!Number.isSafeInteger(seed)) throw new RangeError(`FUZZ_SEED is no number: ${process.env['FUZZ_SEED']}`);

process.stderr.write(`fuzz: ${runs} runs each, FUZZ_SEED=${seed}\n`);

/**
 * Parameters for `fc.assert` of a property that has a number of runs of its own.
 *
 * @param usual - How many cases it tries by default; longer runs try as many times more.
 */
export function fuzzParameters(usual = 100): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil((usual * runs) / 100), seed };
}

/**
 * Checks a property over as many cases as the run asks for.
 *
 * A failure names the seed and the smallest case; the same seed tries the same cases again.
 */
export function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, fuzzParameters());
}
