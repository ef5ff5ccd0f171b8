import { tableSuggestion } from '../run/table-suggestion.js';
import { UsageError } from '../run/usage-error.js';
import { GENERIC_FAMILIES, genericTopic, TOPICS, type Topic } from './topics.js';

/** The topics and families to listen to. */
export interface Selection {
  readonly topics: readonly Topic[];
  /** True if the generic family is received. */
  readonly receives: (genericFamily: string) => boolean;
  /** True if a generic family is received. */
  readonly receivesGeneric: boolean;
  /** Groups of a topic to join. */
  readonly groupsOf: (topic: Topic) => readonly number[];
}

/** A word for all generic families. */
const GENERIC_WORD = 'generic';

/** Other words for generic families. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['families', 'nlctrl'],
  ['net_dm', 'NET_DM'],
  ['sunrpc_cache', 'sunrpc'],
]);

/**
 * Returns what the words of a command line select: everything that is not received by its name only, if there are none.
 *
 * @param families - The generic families of the kernel that have groups: it may have some that the package does not know.
 * @throws UsageError for a word that names nothing.
 */
export function selectionOf(words: readonly string[], families: ReadonlySet<string>): Selection {
  if (words.length === 0) {
    return {
      topics: TOPICS.filter(({ asked }) => asked !== true),
      receives: (family) => genericTopic(family).asked !== true,
      receivesGeneric: true,
      groupsOf: ({ groups }) => groups,
    };
  }
  const topics = new Set<Topic>();
  const received = new Set<string>();
  for (const word of words) {
    const found = TOPICS.filter(({ name, aliases = [] }) => name === word || aliases.includes(word));
    for (const topic of found) topics.add(topic);
    const family = ALIASES.get(word) ?? word;
    if (word === GENERIC_WORD || GENERIC_FAMILIES.has(family) || families.has(family)) received.add(family);
    else if (found.length === 0) throw unknownWord(word, families);
  }
  return {
    topics: [...topics],
    receives: (family) => received.has(family) || (received.has(GENERIC_WORD) && genericTopic(family).asked !== true),
    receivesGeneric: received.size > 0,
    groupsOf: ({ groups, askedGroups = [] }) => [...groups, ...askedGroups],
  };
}

function unknownWord(word: string, families: ReadonlySet<string>): UsageError {
  const names = [...new Set([...TOPICS.map(({ name }) => name), ...ALIASES.keys(), ...GENERIC_FAMILIES.keys(), ...families, GENERIC_WORD])];
  return new UsageError(
    `monitor: there is no '${word}' to listen to; expected one of ${names.sort().join(', ')}${tableSuggestion(word, names, '; ')}`,
  );
}
