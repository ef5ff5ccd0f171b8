/**
 * Returns the name that is most similar to an unknown one, as a question.
 *
 * @param name - The unknown name; a value that is not a string has no similar name.
 * @param names - The known names.
 * @param prefix - The text before the question.
 * @returns `'did you mean mtu?'`, or `''` if no name is similar.
 * @internal
 */
export function suggestion(name: string, names: Iterable<string>, prefix = ''): string {
  if (typeof name !== 'string') return '';
  let best: string | undefined;
  const limit = Math.max(1, Math.floor(name.length / 3)) + 1;
  let least: number = limit;
  const plain = simplify(name);
  for (const candidate of names) {
    const distance = Math.min(
      editDistance(plain, simplify(candidate), limit),
      PREFIX + editDistance(plain, simplify(bare(candidate)), limit),
    );
    const score = distance - COMMON * commonLength(plain, simplify(candidate));
    if (distance < limit && score < least) {
      least = score;
      best = candidate;
    }
  }
  return best === undefined ? '' : `${prefix}did you mean ${best}?`;
}

/** The distance of a missing prefix: more than that of one wrong letter, because `ifindex` means ifiIndex, not newIfindex. */
const PREFIX = 1.2;

/** The weight of each equal letter at the start: it decides between names of the same distance. */
const COMMON = 0.001;

function commonLength(first: string, second: string): number {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length++;
  return length;
}

/** Returns the field of a header without its prefix in C: `family` of `ifaFamily`, and of `rtm-family`. */
function bare(name: string): string {
  return /^[a-z]{2,5}(?:[-_]|(?=[A-Z]))(.{3,})$/.exec(name)?.[1] ?? name;
}

/** Removes case and separators, the most frequent mistakes: they count as no distance. */
function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Counts insertions, removals, replacements, and exchanges of two neighbouring letters; returns `limit` for more than that. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? before[j - 2]! + 1 : limit;
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1, exchanged));
    }
    [before, row] = [row, next];
  }
  return Math.min(row[to.length]!, limit);
}
