/** The properties that identify a link, in families and in `network()`: the number first, which no rename changes. */
const IDENTITY = ['ifiIndex', 'index', 'ifname', 'name'] as const;

/**
 * Returns a property by which two values belong to different objects, and its two states.
 *
 * A link that is renamed keeps its index, and one that is created again keeps its name. So all properties that both values have must
 * differ.
 *
 * @internal
 */
export function otherObject(previous: unknown, value: unknown): readonly [string, string, string] | undefined {
  if (typeof previous !== 'object' || typeof value !== 'object' || previous === null || value === null) return undefined;
  const [before, now] = [previous, value] as readonly Readonly<Record<string, unknown>>[];
  let found: readonly [string, string, string] | undefined;
  for (const property of IDENTITY) {
    const states = [before![property], now![property]];
    if (!states.every((state) => typeof state === 'string' || typeof state === 'number')) continue;
    if (states[0] === states[1]) return undefined;
    found = [property, String(states[0]), String(states[1])];
  }
  return found;
}
