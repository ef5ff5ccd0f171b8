import type { VerdictAttrs } from '../../../families/nftables.js';
import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';

/** The decision about a packet, or the chain that makes it. @public */
export type Verdict = 'accept' | 'drop' | 'continue' | 'return' | { readonly jump: string } | { readonly goto: string };

const WORDS = ['accept', 'drop', 'continue', 'return'] as const;
const TARGETS = ['jump', 'goto'] as const;

/**
 * Parses a verdict: `'accept'`, `{ jump: 'chain' }`, or the forms that `nft -j` prints.
 *
 * @returns undefined if the value is not a verdict.
 * @throws FieldError if the chain of a jump is not valid.
 * @internal
 */
export function tryVerdict(value: unknown, path: string): VerdictAttrs | undefined {
  const [name, body] = verdictParts(value);
  if ((WORDS as readonly string[]).includes(name)) {
    if ((body ?? null) !== null) throw new FieldError(`${path}.${name}`, `expected null, not ${shown(body)}`);
    return { code: name as (typeof WORDS)[number] };
  }
  if (!(TARGETS as readonly string[]).includes(name)) return undefined;
  const target = typeof body === 'object' && body !== null ? (body as { readonly target?: unknown }).target : body;
  if (typeof target !== 'string' || target === '')
    throw new FieldError(`${path}.${name}`, `expected the name of a chain, not ${shown(body)}`);
  return { code: name as (typeof TARGETS)[number], chain: target };
}

/** Parses a verdict. @throws FieldError @internal */
export function parseVerdict(value: unknown, path: string): VerdictAttrs {
  const verdict = tryVerdict(value, path);
  if (verdict !== undefined) return verdict;
  const hint = typeof value === 'string' ? suggestion(value, WORDS, '; ') : '';
  throw new FieldError(path, `expected 'accept', 'drop', 'continue', 'return', { jump } or { goto }, not ${shown(value)}${hint}`);
}

/** Prints a verdict as `parseVerdict` accepts it; undefined if it is not one that rules can have. @internal */
export function printVerdict({ code, chain }: VerdictAttrs): Verdict | undefined {
  if (code === 'jump') return { jump: chain ?? '' };
  if (code === 'goto') return { goto: chain ?? '' };
  return WORDS.find((word) => word === code);
}

/** Splits `{ accept: null }` into its name and its body. */
function verdictParts(value: unknown): readonly [string, unknown] {
  if (typeof value === 'string') return [value, undefined];
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return entries.length === 1 ? entries[0]! : ['', undefined];
}
