import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, retry, timeout } from 'rxjs';
import { queueBarrier } from '../../../../lib/client/internal.js';
import type { View } from '../../../../lib/network/view.js';
import { network } from '../../../../lib/network/network.js';
import type { Namespace } from '../../../support/namespace.js';
import { PATIENCE } from '../../../support/patience.js';
import { until } from '../../../support/sockets.js';

type Joined = View<{ links: true; addresses: true }>;

/** The extent of a churn. */
export interface ViewChurnOptions {
  /** The number of links that come and go in each round. */
  readonly links: number;
  /** Rounds begin until these seconds are over; at least one. */
  readonly seconds: number;
}

/** The figures of a churn. */
export interface ViewChurnResult {
  readonly quietPoints: number;
  readonly emissions: number;
  /** The number of changes that the writer made. */
  readonly changes: number;
  /** The differences between the view and `ip -j addr` at quiet points. */
  readonly differences: readonly string[];
  /** The addresses that were emitted without their link. */
  readonly early: readonly string[];
  /** The number of emissions for changes that followed another one in the same turn of the event loop. */
  readonly twice: number;
}

interface IpLink {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** Milliseconds without an emission before a comparison. */
const QUIET = 100 * PATIENCE;

/**
 * Adds, addresses, renames and deletes links in another process, and compares a view of links and addresses with `ip -j addr` whenever
 * the writer pauses.
 */
export async function churnView(namespace: Namespace, { links, seconds }: ViewChurnOptions): Promise<ViewChurnResult> {
  const net = network({ netns: namespace.path, receiveBufferSize: 8 << 20 });
  const [differences, early]: [string[], string[]] = [[], []];
  let [emissions, changes, quietPoints, twice, last, isNewTurn] = [0, 0, 0, 0, 0, true];
  let view: Joined | undefined;
  const watching = net.view({ links: true, addresses: true }).subscribe((next) => {
    view = next;
    emissions++;
    last = performance.now();
    // A reading ends in a callback of its own, which may follow that of the events.
    if (next.reason === 'change') {
      if (!isNewTurn) twice++;
      isNewTurn = false;
      setImmediate(() => (isNewTurn = true));
    }
    for (const [key, { link }] of next.addresses) if (!next.links.has(link)) early.push(key);
  });

  const compare = async (): Promise<void> => {
    await until('the first view', () => view !== undefined, 20_000);
    // On a busy machine this process may not run for longer than the quiet time, while events wait: the barrier stands behind them. A
    // late subscriber receives the view when no reading is under way, such as one after lost events.
    await lastValueFrom(queueBarrier(net.clients.link.socket.eventSibling).pipe(retry(3)), { defaultValue: undefined });
    await firstValueFrom(net.view({ links: true, addresses: true }).pipe(timeout(20_000)));
    last = performance.now();
    await until('quiet', () => performance.now() - last > QUIET, 20_000);
    const shown = (JSON.parse(namespace.ip('-j addr')) as readonly IpLink[]).flatMap(({ ifname, addr_info }) => [
      ifname,
      ...addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen} on ${ifname}`),
    ]);
    const held = [...(view?.links.keys() ?? []), ...(view?.addresses.keys() ?? [])];
    differences.push(...missing(shown, held, 'lacks'), ...missing(held, shown, 'still has'));
    quietPoints++;
  };
  const write = async (lines: readonly string[]): Promise<void> => {
    changes += lines.length;
    await runBatch(namespace, lines);
    await compare();
  };

  try {
    const end = performance.now() + seconds * 1000;
    for (let round = 0; round === 0 || performance.now() < end; round++) {
      const { add, remove } = commands(links, round);
      await write(add);
      await write(remove);
    }
  } finally {
    watching.unsubscribe();
    net.close();
  }
  return { quietPoints, emissions, changes, differences, early, twice };
}

/** Returns the commands that add pairs of links with addresses and rename some, and those that delete all of them. */
function commands(links: number, round: number): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const numbers = Array.from({ length: links / 2 }, (_, index) => index);
  const isRenamed = (index: number): boolean => index % 3 === 0;
  const add = numbers.flatMap((index) => [
    `link add c${round}x${index} type veth peer name p${round}x${index}`,
    `addr add 10.${index >> 8}.${index & 255}.1/24 dev c${round}x${index}`,
    `addr add fd00:${index.toString(16)}::1/64 dev c${round}x${index}`,
    // Linux before 6.2 renames no link that is up.
    ...(isRenamed(index) ? [`link set c${round}x${index} name r${round}x${index}`] : []),
    `link set ${isRenamed(index) ? 'r' : 'c'}${round}x${index} up`,
  ]);
  return { add, remove: numbers.map((index) => `link del ${isRenamed(index) ? 'r' : 'c'}${round}x${index}`) };
}

/** Runs commands of `ip` in a process while this one receives the events. */
async function runBatch(namespace: Namespace, lines: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rxnl-churn-'));
  try {
    const file = join(folder, 'commands');
    writeFileSync(file, lines.join('\n'));
    const [code] = (await once(namespace.start('ip', '-batch', file), 'exit')) as [number | null];
    if (code !== 0) throw new Error(`ip -batch ended with code ${String(code)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function missing(wanted: readonly string[], found: readonly string[], problem: string): readonly string[] {
  const known = new Set(found);
  return wanted.filter((key) => !known.has(key)).map((key) => `the view ${problem} ${key}`);
}
