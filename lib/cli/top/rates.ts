import type { Counters, LinkCounters } from './counters.js';

/** The rates of a link, by the second. */
export interface LinkRates {
  readonly name: string;
  readonly rxBits: number;
  readonly rxPackets: number;
  readonly txBits: number;
  readonly txPackets: number;
  readonly errors: number;
  readonly drops: number;
  readonly queueDrops: number;
  /** Bytes that wait in the root qdisc: no rate. */
  readonly backlog: number;
}

/** The orders of the table, in the order in which the key `s` reaches them. */
export const ORDERS = ['rate', 'received', 'sent', 'drops', 'name'] as const;

/** An order of the table. */
export type Order = (typeof ORDERS)[number];

const BITS = 8;

/** Returns the rates between two moments. A link that has appeared in between has none yet. */
export function ratesOf(before: Counters, now: Counters): LinkRates[] {
  const seconds = (now.at - before.at) / 1000;
  return [...now.links].map(([index, counters]) => {
    const earlier = before.links.get(index) ?? counters;
    const rate = (name: Exclude<keyof LinkCounters, 'name' | 'backlog'>): number =>
      perSecond(BigInt(earlier[name]), BigInt(counters[name]), seconds);
    return {
      name: counters.name,
      rxBits: rate('rxBytes') * BITS,
      rxPackets: rate('rxPackets'),
      txBits: rate('txBytes') * BITS,
      txPackets: rate('txPackets'),
      errors: rate('errors'),
      drops: rate('drops'),
      queueDrops: rate('queueDrops'),
      backlog: counters.backlog,
    };
  });
}

/** Counters begin again when a driver is reset or a qdisc is exchanged: then nothing is known of this second. */
function perSecond(before: bigint, now: bigint, seconds: number): number {
  return now < before || seconds <= 0 ? 0 : Math.round(Number(now - before) / seconds);
}

const WEIGHTS: Readonly<Record<Exclude<Order, 'name'>, (rates: LinkRates) => number>> = {
  rate: ({ rxBits, txBits }) => rxBits + txBits,
  received: ({ rxBits }) => rxBits,
  sent: ({ txBits }) => txBits,
  drops: ({ errors, drops, queueDrops }) => errors + drops + queueDrops,
};

/** Returns the links in an order: the largest first, equal ones by name. */
export function sorted(links: readonly LinkRates[], order: Order): LinkRates[] {
  const weight = order === 'name' ? () => 0 : WEIGHTS[order];
  return [...links].sort((one, other) => weight(other) - weight(one) || (one.name < other.name ? -1 : 1));
}
