import type { SpecNode } from '../spec-node.js';

/**
 * Reads the number in requests that omit a member or an attribute.
 *
 * @param count - The number of elements of an array; then there is a list of numbers.
 * @internal
 */
export function readDefault(node: SpecNode): { readonly default?: number };
export function readDefault(node: SpecNode, count: number): { readonly default?: readonly number[] };
export function readDefault(node: SpecNode, count?: number): { readonly default?: number | readonly number[] } {
  const value = node.find('default');
  if (value === undefined) return {};
  if (count === undefined) return { default: numberOf(value) };
  const numbers = value.items().map(numberOf);
  return numbers.length === count ? { default: numbers } : value.fail(`must have ${count} numbers`);
}

/** Reads the number in requests that omit an attribute: `position` is that of its nest in a list. @internal */
export function readAttributeDefault(node: SpecNode): { readonly default?: number | 'position' } {
  return node.find('default')?.value === 'position' ? { default: 'position' } : readDefault(node);
}

/** Reads the numbers that requests may have. @internal */
export function readOnly(node: SpecNode): { readonly only?: readonly number[] } {
  const numbers = node.find('only')?.items().map(numberOf);
  if (numbers === undefined) return {};
  return numbers.length === 0 ? node.get('only').fail('must have a number') : { only: numbers };
}

function numberOf(node: SpecNode): number {
  return node.integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}
