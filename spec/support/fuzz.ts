import fc from 'fast-check';
import { rounds } from './rounds.js';

/** The number of cases and the seed: `FUZZ_RUNS` and `FUZZ_SEED`, by default 50 cases (200 in `npm run test:long`) and the time. */
const runs = Number(process.env['FUZZ_RUNS'] ?? rounds(50, 200));
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() & 0x7fff_ffff);

if (!Number.isSafeInteger(runs) || runs < 1)
  throw new RangeError(`FUZZ_RUNS: invalid number of runs (${process.env['FUZZ_RUNS']}); expected a positive integer`);
if (!Number.isSafeInteger(seed)) throw new RangeError(`FUZZ_SEED: invalid seed (${process.env['FUZZ_SEED']}); expected an integer`);

process.stderr.write(`fuzz: ${runs} runs each, FUZZ_SEED=${seed}\n`);

/** Any code point that UTF-8 can encode. The unit `binary` of fast-check is the same, but makes a table of all for seconds. */
export const codePoint: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10_ffff }))
  .map((number) => String.fromCodePoint(number));

/**
 * Returns parameters for `fc.assert` of a property with its own number of runs.
 *
 * @param usual - The number of cases by default; `FUZZ_RUNS` scales it.
 */
export function fuzzParameters(usual = 100): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.ceil((usual * runs) / 100), seed };
}

/**
 * Checks a property over as many cases as the run asks for.
 *
 * A failure names the seed and the smallest case; the same seed generates the same cases again.
 */
export function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, fuzzParameters());
}
