import { lastValueFrom } from 'rxjs';
import { rtLink, type GetlinkReply } from '../../../lib/families/rt-link.js';
import type { Namespace } from '../../support/namespace.js';

const AF_BRIDGE = 7;
/** RTEXT_FILTER_BRVLAN_COMPRESSED: VLANs as ranges, with the tunnels that carry them. */
const VLANS = 1 << 2;
/** BRIDGE_FLAGS_MASTER, BRIDGE_FLAGS_SELF */
const [PORT, BRIDGE] = [1, 2];

type Links = ReturnType<typeof rtLink>;

async function vlansOf(links: Links): Promise<readonly GetlinkReply[]> {
  return lastValueFrom(links.list('getlink', { ifiFamily: AF_BRIDGE, extMask: VLANS }));
}

/**
 * Returns a request for the VLANs of a row. The kernel reports a bridge as its own master; the flags state whether the request is
 * for the bridge or for its port.
 */
function request({ ifiIndex, master, afSpec }: GetlinkReply): object {
  const { vlanInfo, vlanTunnelInfo } = afSpec as Record<string, unknown>;
  return { ifiFamily: AF_BRIDGE, ifiIndex, afSpec: { flags: master === ifiIndex ? BRIDGE : PORT, vlanInfo, vlanTunnelInfo } };
}

/** Writes the VLANs of bridges and their ports, instead of the default ones that a new port has. */
export async function copyBridgeVlans(from: Namespace, to: Namespace): Promise<void> {
  using source = rtLink({ netns: from.path });
  using target = rtLink({ netns: to.path });
  for (const row of await vlansOf(target)) if (row.afSpec !== undefined) await lastValueFrom(target.do('dellink', request(row)));
  for (const row of await vlansOf(source)) if (row.afSpec !== undefined) await lastValueFrom(target.do('setlink', request(row)));
}
