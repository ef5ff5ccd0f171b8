import { choice } from '../../fields/check.js';
import { plain } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of a mesh interface of B.A.T.M.A.N. (`IFLA_BATADV_*`). @public */
export interface BatadvOptions {
  /** The routing algorithm, at the creation only; the kernel does not report it (`IFLA_BATADV_ALGO_NAME`). */
  readonly algorithm?: 'BATMAN_IV' | 'BATMAN_V';
}

/** The kind `batadv`. @internal */
export const batadv: Kind<BatadvOptions> = {
  options: {
    algorithm: { ...plain('algoName', choice(['BATMAN_IV', 'BATMAN_V']), { fixed: true }), same: (_wanted, found) => found === undefined },
  },
};
