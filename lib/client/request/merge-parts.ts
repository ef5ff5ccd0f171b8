import { Observable, type OperatorFunction } from 'rxjs';
import { Indexes, type MergeListSchema, type MergeSchema } from '../../schema/index.js';

type Value = Record<string, unknown>;

/**
 * Merges objects that the kernel splits into several successive messages (WireGuard peers, Wi-Fi devices).
 *
 * ```text
 * source:  --a1--a2--b1--a3--|      a1 and a2 are parts of one object; b1 and a3 are objects of their own
 * result:  ----------a---b---(a|)
 * ```
 *
 * @param merge - The key that parts of an object share, and the rules by which their lists are joined.
 * @internal
 */
export function mergeParts<T extends object>(merge: MergeSchema): OperatorFunction<T, T> {
  const { key } = merge;
  return (source) =>
    new Observable((subscriber) => {
      let whole: Value | undefined;
      const emit = (): void => {
        if (whole !== undefined) subscriber.next(whole as T);
        whole = undefined;
      };
      return source.subscribe({
        next: (value) => {
          const part = value as unknown as Value;
          if (whole !== undefined && key.every((property) => same(whole?.[property], part[property]))) join(whole, part, merge.lists, []);
          else {
            emit();
            whole = part;
          }
        },
        error: (error: unknown) => {
          emit();
          subscriber.error(error);
        },
        complete: () => {
          emit();
          subscriber.complete();
        },
      });
    });
}

function join(whole: Value, part: Value, lists: readonly MergeListSchema[], path: readonly string[]): void {
  for (const [property, added] of Object.entries(part)) {
    const present = whole[property];
    const here = [...path, property];
    if (present === undefined) whole[property] = added;
    else if (Array.isArray(present) && Array.isArray(added)) {
      const list = lists.find((candidate) => leadsTo(candidate.path, here));
      if (list === undefined) whole[property] = added;
      else joinLists(present as unknown[], added as unknown[], list, lists, here);
    } else if (isPlain(present) && isPlain(added)) join(present, added, lists, here);
  }
}

function joinLists(
  present: unknown[],
  added: unknown[],
  { by }: MergeListSchema,
  lists: readonly MergeListSchema[],
  path: readonly string[],
): void {
  const inside = [...path, '*'];
  const indexes = by === 'index' ? { present: indexesOf(present), added: indexesOf(added) } : undefined;
  added.forEach((element, position) => {
    let match: unknown;
    if (indexes !== undefined) match = present[indexes.present.indexOf(indexes.added[position] ?? 0)];
    else if (typeof by === 'object') {
      const last = present.at(-1);
      if (isPlain(last) && isPlain(element) && same(last[by.property], element[by.property])) match = last;
    }
    if (isPlain(match) && isPlain(element)) join(match, element, lists, inside);
    else {
      present.push(element);
      indexes?.present.push(indexes.added[position] ?? 0);
    }
  });
  if (indexes !== undefined) Object.defineProperty(present, Indexes, { value: indexes.present, configurable: true });
}

/** Returns the types that an indexed array's elements had on the wire; 1, 2, 3 ... if they were not kept. */
function indexesOf(array: unknown[]): number[] {
  const kept = (array as { [Indexes]?: readonly number[] })[Indexes];
  return kept === undefined ? array.map((_, position) => position + 1) : [...kept];
}

function leadsTo(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((step, index) => step === '*' || step === path[index]);
}

function isPlain(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Compares keys: scalars, and bytes byte by byte. */
function same(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return one.length === other.length && one.every((byte, index) => byte === other[index]);
  }
  return one === other;
}
