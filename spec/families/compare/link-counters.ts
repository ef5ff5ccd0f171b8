import type { Shown } from './fields.js';

interface Counters {
  readonly rx: Shown;
  readonly tx: Shown;
}

const RX: Readonly<Record<string, string>> = {
  frame_errors: 'rxFrameErrors',
  over_errors: 'rxOverErrors',
  missed_errors: 'rxMissedErrors',
  multicast: 'multicast',
};
const TX: Readonly<Record<string, string>> = { collisions: 'collisions' };

/** The counters of `ip -s link`, from struct rtnl_link_stats64. */
export function countersOf(
  stats: Readonly<Record<string, unknown>> | undefined,
  shown: unknown,
  carrierChanges: number | undefined,
): object {
  const { rx, tx } = shown as Counters;
  const decoded = (way: 'rx' | 'tx', names: Readonly<Record<string, string>>, keys: Shown): object =>
    Object.fromEntries(
      Object.keys(keys).map((key) => {
        if (key === 'carrier_changes') return [key, carrierChanges];
        const own = `${way}${key.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
        return [key, Number(stats?.[names[key] ?? own])];
      }),
    );
  return { rx: decoded('rx', RX, rx), tx: decoded('tx', TX, tx) };
}
