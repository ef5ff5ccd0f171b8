import type { RtnlLinkStats64 } from '../../families/rt-link.js';

/** The counters of a link (`IFLA_STATS64`). `JSON.stringify` writes those over 2^53 - 1 as text. @public */
export type LinkStatistics = Readonly<RtnlLinkStats64>;

/** Returns counters that JSON can write. @internal */
export function statisticsOf(counters: RtnlLinkStats64): LinkStatistics {
  return Object.defineProperty({ ...counters }, 'toJSON', { value: toJson });
}

function toJson(this: LinkStatistics): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(this).map(([name, value]) => [name, value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)]),
  );
}
