/** The pairing of the wanted rules of a chain with those that are there. @internal */
export interface RulePairs {
  /** For each wanted rule, the position of the rule that is the same one; undefined if there is none. */
  readonly found: readonly (number | undefined)[];
  /** The wanted rules whose pair keeps its place; the others of the pairs have to move. */
  readonly staying: ReadonlySet<number>;
}

/** The largest number of candidate pairs that are weighed against each other. */
const MOST_CANDIDATES = 2_000_000;

/**
 * Pairs rules by identity: a comment, or else the content. As many as possible keep their place (a longest common subsequence).
 *
 * @param wanted - The identities of the wanted rules, in order.
 * @param found - Those of the rules that are there.
 * @internal
 */
export function matchRules(wanted: readonly string[], found: readonly string[]): RulePairs {
  const places = new Map<string, number[]>();
  for (const [index, key] of found.entries()) {
    const list = places.get(key);
    if (list === undefined) places.set(key, [index]);
    else list.push(index);
  }
  const pairs: (number | undefined)[] = wanted.map(() => undefined);
  const staying = new Set<number>();
  const taken = new Set<number>();
  for (const [index, place] of longestCommon(candidatesOf(wanted, places))) {
    pairs[index] = place;
    taken.add(place);
    staying.add(index);
  }
  // The rest has the same content at another place.
  for (const [index, key] of wanted.entries()) {
    if (pairs[index] !== undefined) continue;
    const place = places.get(key)?.find((candidate) => !taken.has(candidate));
    if (place === undefined) continue;
    pairs[index] = place;
    taken.add(place);
  }
  return { found: pairs, staying };
}

/** Returns the places that each wanted rule may have, the last one first. */
function candidatesOf(wanted: readonly string[], places: ReadonlyMap<string, readonly number[]>): readonly (readonly number[])[] {
  const count = wanted.reduce((sum, key) => sum + (places.get(key)?.length ?? 0), 0);
  if (count <= MOST_CANDIDATES) return wanted.map((key) => [...(places.get(key) ?? [])].reverse());
  // Thousands of equal rules: the first with the first, the second with the second.
  const next = new Map<string, number>();
  return wanted.map((key) => {
    const nth = next.get(key) ?? 0;
    next.set(key, nth + 1);
    const place = places.get(key)?.[nth];
    return place === undefined ? [] : [place];
  });
}

/** A pair at the end of a common subsequence, and the pair before it. */
interface Link {
  readonly index: number;
  readonly place: number;
  readonly previous: Link | undefined;
}

/** Returns a longest sequence of pairs that rises on both sides (the algorithm of Hunt and Szymanski). */
function longestCommon(candidates: readonly (readonly number[])[]): readonly (readonly [index: number, place: number])[] {
  /** At n, the pair with the lowest place that ends a sequence of n + 1 pairs. */
  const ends: Link[] = [];
  for (const [index, places] of candidates.entries()) {
    for (const place of places) {
      const length = lowerBound(ends, place);
      if (ends[length]?.place === place) continue;
      ends[length] = { index, place, previous: ends[length - 1] };
    }
  }
  const pairs: [number, number][] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.previous) pairs.push([link.index, link.place]);
  return pairs.reverse();
}

/** Returns the first position whose place is not lower. */
function lowerBound(ends: readonly Link[], place: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]!.place < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
