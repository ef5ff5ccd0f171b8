import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Namespace } from '../../../../support/namespace.js';

/** The tables of a namespace, as `ip` and `bridge` print them. */
export type Picture = Readonly<Record<string, readonly unknown[]>>;

const COMMANDS = [
  'ip -d -j link',
  'ip -j addr',
  'ip -d -j -4 route show table all',
  'ip -d -j -6 route show table all',
  'ip -j -4 rule',
  'ip -j -6 rule',
  'ip -j neigh show nud permanent',
  'ip -j neigh show nud noarp',
  'ip -j nexthop',
  'bridge -j vlan',
  'bridge -j fdb show',
];

/** The end of the output of a command. */
const MARK = '----';

/** Values that pass by themselves, and those of links that depend on the moment. */
const PASSING: ReadonlySet<string> = new Set([
  ...['valid_life_time', 'preferred_life_time', 'tentative', 'operstate', 'expires', 'stats', 'stats64', 'gc_timer', 'hello_timer'],
  ...['tcn_timer', 'topology_change_timer', 'forward_delay_timer', 'hold_timer', 'message_age_timer', 'topology_change', 'state'],
]);

/** Takes a picture of a namespace; the order of what has no order is that of the text. */
export function pictureOf(namespace: Namespace): Picture {
  const output = namespace.run('sh', '-c', COMMANDS.map((command) => `${command}; echo; echo ${MARK}`).join('\n'));
  const texts = output.split(`\n${MARK}\n`);
  return Object.fromEntries(
    COMMANDS.map((command, position) => [
      command,
      entriesOf(texts[position] ?? '')
        .filter((entry) => !isMulticast(entry))
        .map(withoutPassing)
        .sort(byText),
    ]),
  );
}

/** Takes a picture when the kernel has finished what follows a change of a link later, such as its carrier. */
export async function settledPicture(namespace: Namespace): Promise<Picture> {
  for (let last = pictureOf(namespace), tries = 0; ; tries++) {
    await delay(100);
    const next = pictureOf(namespace);
    if (isDeepStrictEqual(last, next) || tries > 20) return next;
    last = next;
  }
}

/** Reads the output of a tool, which prints nothing for an empty table. */
function entriesOf(text: string): readonly unknown[] {
  return text.trim() === '' ? [] : (JSON.parse(text) as object[]).filter((entry) => Object.keys(entry).length > 0);
}

/** A packet to a multicast address leaves a neighbour without a state of its own. */
function isMulticast(entry: unknown): boolean {
  const { lladdr = '', dev } = entry as { readonly lladdr?: string; readonly dev?: string };
  return dev !== undefined && /^(?:33:33|01:00:5e):/.test(lladdr);
}

function withoutPassing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPassing);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !PASSING.has(name));
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      if (name === 'addr_info') return [name, (withoutPassing(inner) as unknown[]).sort(byText)];
      // A link that was up once has a queue, or `noqueue`, for ever.
      return [name, name === 'qdisc' && inner === 'noop' ? 'noqueue' : withoutPassing(inner)];
    }),
  );
}

function byText(one: unknown, other: unknown): number {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}
