import type { RtnlLinkStats64 } from '../../../families/rt-link.js';
import { withJson } from '../../common/json.js';

/** The counters of a link (`IFLA_STATS64`). `JSON.stringify` writes those over 2^53 - 1 as text. @public */
export type LinkStatistics = Readonly<RtnlLinkStats64>;

/** Returns counters that JSON can write. @internal */
export function statisticsOf(counters: RtnlLinkStats64): LinkStatistics {
  return withJson({ ...counters });
}
