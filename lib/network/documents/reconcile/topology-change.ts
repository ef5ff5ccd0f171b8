import type { BridgeOptions } from '../../links/kinds/bridge.js';
import type { PlannedChange } from '../plan/planned-change.js';

const AGEING = 'bridge.ageing';

/**
 * Returns true for a change that would only end the short ageing time of a topology change.
 *
 * With the spanning tree protocol on, the kernel ages entries in twice the forward delay while the topology changes, and reports that time
 * (`__br_set_topology_change`). Afterwards it takes the configured time again. Writing it earlier would keep entries that lead to the wrong port.
 *
 * @internal
 */
export function endsShortAgeing({ table, action, before, changes }: PlannedChange): boolean {
  if (table !== 'links' || action !== 'change' || changes?.size !== 1 || !changes.has(AGEING)) return false;
  const { topologyChange, ageing, forwardDelay } = (before as { readonly bridge?: BridgeOptions }).bridge ?? {};
  return topologyChange === true && forwardDelay !== undefined && ageing === 2 * forwardDelay;
}
