import type { Element } from '../objects/element.js';
import { after, before } from '../objects/interval-rows.js';

/** Elements that became one interval. */
interface Group {
  from: Buffer;
  to: Buffer;
  readonly members: Element[];
}

/** Returns the elements of a set with merged intervals, in the order of their keys. @internal */
export function mergeIntervals(elements: readonly Element[]): readonly Element[] {
  return [...mergedGroups(elements)].map(([id, members]) => {
    const [first] = members as [Element];
    if (first.key === undefined || members.length === 1) return first;
    const [from, to] = id.split('-');
    return { ...first, id, key: { from: Buffer.from(from!, 'hex'), to: Buffer.from(to ?? from!, 'hex') } };
  });
}

/**
 * Returns intervals that overlap or touch as groups, by the identity of the interval that each group makes.
 *
 * The program `nft` merges such intervals itself; the kernel only stores that a set wants it.
 *
 * @internal
 */
export function mergedGroups(elements: readonly Element[]): Map<string, readonly Element[]> {
  const keyed = elements.filter(({ key }) => key !== undefined).sort((a, b) => Buffer.compare(a.key!.from, b.key!.from));
  const groups: Group[] = [];
  for (const element of keyed) {
    const { from, to } = element.key!;
    const last = groups.at(-1);
    const next = last && after(last.to);
    if (last !== undefined && (next === undefined || Buffer.compare(from, next) <= 0)) {
      last.members.push(element);
      if (Buffer.compare(to, last.to) > 0) last.to = to;
    } else groups.push({ from, to, members: [element] });
  }
  const others = elements.filter(({ key }) => key === undefined);
  return new Map<string, readonly Element[]>([
    ...groups.map(({ from, to, members }) => [intervalId(from, to), members] as const),
    ...others.map((element) => [element.id, [element]] as const),
  ]);
}

function intervalId(from: Buffer, to: Buffer): string {
  return from.equals(to) ? from.toString('hex') : `${from.toString('hex')}-${to.toString('hex')}`;
}

/** Returns the elements without the keys of others; an interval that is cut in its middle becomes two. @internal */
export function cutIntervals(elements: readonly Element[], removed: readonly Element[]): readonly Element[] {
  return removed.reduce((rest, cut) => rest.flatMap((element) => cutInterval(element, cut)), elements);
}

function cutInterval(element: Element, { key: cut, id }: Element): readonly Element[] {
  const { key } = element;
  if (key === undefined || cut === undefined) return element.id === id ? [] : [element];
  if (Buffer.compare(cut.to, key.from) < 0 || Buffer.compare(cut.from, key.to) > 0) return [element];
  const first = Buffer.compare(cut.from, key.from) > 0 ? { from: key.from, to: before(cut.from) } : undefined;
  const last = Buffer.compare(cut.to, key.to) < 0 ? { from: after(cut.to)!, to: key.to } : undefined;
  return [first, last].flatMap((rest) => (rest === undefined ? [] : [{ ...element, id: intervalId(rest.from, rest.to), key: rest }]));
}
