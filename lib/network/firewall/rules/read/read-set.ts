import { SetElemFlags } from '../../../../families/nftables.js';
import { inNetworkOrder } from '../../data/data-type.js';
import { printInterval, type Interval } from '../../data/interval.js';
import { keyInNetworkOrder, printKey } from '../../data/key.js';
import { printVerdict } from '../../data/verdict.js';
import type { Expression, SetItem } from '../expression.js';
import { unplaced, type Part } from '../fields/part.js';
import { anonymousData, type MapData } from '../map-data.js';
import type { AnonymousSet } from '../rule-context.js';
import { Unreadable } from './unreadable.js';

type Element = AnonymousSet['elements'][number];

interface Span extends Interval {
  readonly element: Element;
}

/** Reads an anonymous set as the values that its elements have. @throws Unreadable @internal */
export function readItems(set: AnonymousSet, parts: readonly Part[], data: MapData | undefined): readonly SetItem[] {
  const types = parts.map(({ type }) => type);
  const isInterval = ((set.set.flags ?? 0) & 4) !== 0;
  const spans = parts.length === 1 && isInterval ? pairs(set.elements) : set.elements.map(closed);
  const sorted = [...spans].sort((one, two) => Buffer.compare(order(one.from), order(two.from)));
  return sorted.map((span): SetItem => {
    const ordered = isInterval ? { from: keyInNetworkOrder(types, span.from), to: keyInNetworkOrder(types, span.to) } : span;
    const key = parts.length === 1 ? printSingle(parts[0]!, ordered) : printKey(types, ordered);
    return data === undefined ? key : [key, printData(span.element, data)];
  });

  function order(key: Buffer): Buffer {
    return isInterval ? key : parts.length === 1 ? inNetworkOrder(types[0]!, key) : key;
  }
}

function printSingle(part: Part, { from, to }: Interval): string | number {
  return printInterval(part.type, { from: unplaced(part, from), to: unplaced(part, to) });
}

function printData({ data, objref }: Element, type: MapData): Expression | Extract<SetItem, readonly unknown[]>[1] {
  if (type === 'verdict') {
    const verdict = printVerdict(data?.verdict ?? {});
    if (verdict === undefined) throw new Unreadable('verdict');
    return verdict;
  }
  if ('object' in type) {
    if (objref === undefined) throw new Unreadable('object of a map');
    return objref;
  }
  if (data?.value === undefined) throw new Unreadable('data of a map');
  const value = Buffer.from(data.value);
  const half = value.length / 2;
  const [from, to] = type.isInterval ? [value.subarray(0, half), value.subarray(half)] : [value, value];
  return printKey(type.types, { from, to });
}

function closed(element: Element): Span {
  const { key, keyEnd } = element;
  const from = Buffer.from(key?.value ?? []);
  return { from, to: Buffer.from(keyEnd?.value ?? from), element };
}

/** Joins starts and ends: an end is one past the last value of the interval. */
function pairs(elements: readonly Element[]): readonly Span[] {
  const isEnd = ({ flags = 0 }: Element): boolean => (flags & SetElemFlags.IntervalEnd) !== 0;
  const sorted = elements
    .map((element) => ({ element, key: Buffer.from(element.key?.value ?? []) }))
    .sort((one, two) => Buffer.compare(one.key, two.key) || Number(isEnd(two.element)) - Number(isEnd(one.element)));
  const spans: Span[] = [];
  sorted.forEach(({ element, key }, index) => {
    if (isEnd(element)) return;
    const next = sorted[index + 1];
    const to = next === undefined ? Buffer.alloc(key.length, 0xff) : before(next.key);
    spans.push({ from: key, to, element });
  });
  return spans;
}

function before(key: Buffer): Buffer {
  const number = BigInt(`0x${key.toString('hex')}`) - 1n;
  return Buffer.from(number.toString(16).padStart(2 * key.length, '0'), 'hex');
}

/** Returns the target of the keys of a map. @throws Unreadable if it is not known. @internal */
export function dataOf(set: AnonymousSet): MapData {
  const data = anonymousData(set);
  if (data === undefined) throw new Unreadable('data type of a map');
  return data;
}
