/**
 * Finds the name that was probably meant.
 *
 * @param name - What was written; nothing is near to what is no name.
 * @param names - What would have been right.
 * @param prefix - What comes before the question.
 * @returns `'did you mean mtu?'`, or `''` where nothing is near.
 * @internal
 */
export function suggestion(name: string, names: Iterable<string>, prefix = ''): string {
  if (typeof name !== 'string') return '';
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  const plain = simplify(name);
  for (const candidate of names) {
    const distance = Math.min(
      editDistance(plain, simplify(candidate), least),
      PREFIX + editDistance(plain, simplify(bare(candidate)), least),
    );
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best === undefined ? '' : `${prefix}did you mean ${best}?`;
}

/** A name that is right but for a prefix is worse than one that is right, and better than any with a letter wrong. */
const PREFIX = 0.5;

/** A header's field without the prefix that it has in C: `family` of `ifaFamily`, and of `rtm-family`. */
function bare(name: string): string {
  return /^[a-z]{2,5}(?:[-_]|(?=[A-Z]))(.{3,})$/.exec(name)?.[1] ?? name;
}

/** Case and separators are what one gets wrong first: they cost nothing. */
function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Counts insertions, removals and replacements (Levenshtein); stops counting where `limit` is reached. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
