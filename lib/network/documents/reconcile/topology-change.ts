import type { BridgeOptions } from '../../links/kinds/bridge.js';
import type { PlannedChange } from '../plan/planned-change.js';

const AGEING = 'bridge.ageing';

/** The rest of a change, and the time after which the bridge must be compared again. @internal */
export interface ShortAgeing {
  /** The other properties; undefined if none is to be changed. */
  readonly rest: PlannedChange | undefined;
  /** In milliseconds. */
  readonly endsIn: number;
}

/**
 * Takes the short ageing time of a topology change out of a change; undefined if it has none.
 *
 * With the spanning tree protocol on, the kernel ages entries in twice the forward delay while the topology changes, and reports that time
 * (`__br_set_topology_change`). Afterwards it takes the configured time again, without an event. Writing it earlier would keep entries that lead to
 * the wrong port.
 *
 * @internal
 */
export function takeShortAgeing(change: PlannedChange): ShortAgeing | undefined {
  const { table, action, before, wanted, changes } = change;
  if (table !== 'links' || action !== 'change' || wanted === undefined || changes?.has(AGEING) !== true) return undefined;
  const found = (before as { readonly bridge?: BridgeOptions }).bridge ?? {};
  const { topologyChange, ageing, forwardDelay = 0, maxAge = 0 } = found;
  if (topologyChange !== true || ageing !== 2 * forwardDelay) return undefined;
  const others = new Map([...changes].filter(([path]) => path !== AGEING));
  const { bridge } = wanted as { readonly bridge?: BridgeOptions };
  const rest = others.size === 0 ? undefined : { ...change, changes: others, wanted: { ...wanted, bridge: { ...bridge, ageing } } };
  return { rest, endsIn: maxAge + forwardDelay };
}
