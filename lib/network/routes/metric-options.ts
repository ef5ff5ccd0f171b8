import type { MetricsAttributes } from '../../families/rt-route.js';
import type { RouteMetrics } from './route-metrics.js';
import { text, integer, boolean, type Check } from '../fields/check.js';
import { duration, number, plain, toggle, type OptionFlags, type Options } from '../fields/option.js';
import { readOptions, writeOptions } from '../fields/option-table.js';
import type { LinkNames } from '../names/link-names.js';
import type { Wanted } from '../tables/table-model.js';

/** RTAX_MTU (uapi/linux/rtnetlink.h): the number of its bit in RTAX_LOCK. */
const MTU_LOCK = 1 << 2;

const none: OptionFlags = { nullable: true };

/** The kernel reduces larger values silently: IP_MAX_MTU - 15, and the same less 25. */
const metric = (attribute: string, most: number): ReturnType<typeof plain> => plain(attribute, integer(1, most), none);

/** The metrics as options; the lock of the MTU is a bit of another attribute. */
export const METRICS: Options<Omit<RouteMetrics, 'mtuLocked'>> = {
  mtu: metric('mtu', 65_535 - 15),
  advmss: metric('advmss', 65_535 - 40),
  window: metric('window', 0xffff_ffff),
  initcwnd: metric('initcwnd', 0xffff_ffff),
  initrwnd: metric('initrwnd', 0xffff_ffff),
  rtoMin: duration('rtoMin', 1, none),
  hoplimit: number('hoplimit', 255, none, 1),
  quickack: toggle('quickack', none),
  congestion: plain('ccAlgo', text(15), none),
};

/** The checks of the metrics. @internal */
export const METRIC_CHECKS: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(Object.entries(METRICS).map(([name, { check }]) => [name, check])),
  mtuLocked: boolean,
};

/** The metrics that `null` removes. @internal */
export const METRIC_NAMES: readonly string[] = Object.keys(METRICS);

/** Translates the metrics of a row. @internal */
export function metricsOf(row: MetricsAttributes | undefined, names: LinkNames): Record<string, unknown> {
  if (row === undefined) return {};
  return { ...readOptions(METRICS, row, names), ...(((row.lock ?? 0) & MTU_LOCK) !== 0 && { mtuLocked: true }) };
}

/** The metrics of a route that is not there. */
const NONE: MetricsAttributes = {};

/**
 * Translates wanted metrics into attributes; undefined if there are none.
 *
 * @param kept - The metrics of the row that is there. Those without a property here are written again.
 * @internal
 */
export function metricsRequest(wanted: Wanted, names: LinkNames, kept: MetricsAttributes = NONE): MetricsAttributes | undefined {
  if (kept === NONE && !hasMetric(wanted)) return undefined;
  const given = Object.fromEntries(
    METRIC_NAMES.filter((name) => (wanted[name] ?? undefined) !== undefined && wanted[name] !== false).map((name) => [name, wanted[name]]),
  );
  const others = Object.fromEntries(
    Object.entries(kept).filter(([name]) => name !== 'lock' && !Object.values(METRICS).some(({ attribute }) => attribute === name)),
  );
  const lock = ((kept.lock ?? 0) & ~MTU_LOCK) | (wanted.mtuLocked === true ? MTU_LOCK : 0);
  const metrics = { ...others, ...(lock !== 0 && { lock }), ...writeOptions(METRICS, given, names) };
  return Object.keys(metrics).length === 0 ? undefined : metrics;
}

/** Most routes have a few properties, and no metric. */
function hasMetric(wanted: Wanted): boolean {
  for (const name in wanted) if (Object.hasOwn(METRIC_CHECKS, name)) return true;
  return false;
}
