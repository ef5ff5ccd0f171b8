import { number, presence } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of an interface of the IPsec framework (`IFLA_XFRM_*`). `parent` is the link that carries it. @public */
export interface XfrmOptions {
  /** The number that policies and states refer to (`IFLA_XFRM_IF_ID`). */
  readonly id?: number;
  /** Routes or programs give the number to each packet; without `id` (`IFLA_XFRM_COLLECT_METADATA`). */
  readonly external?: boolean;
}

/** The kind `xfrm`. @internal */
export const xfrm: Kind<XfrmOptions> = {
  options: { id: number('ifId'), external: presence('collectMetadata', { fixed: true }) },
  whole: true,
  parentIn: 'link',
};
