import { Row, withRow } from '../../../common/written.js';
import type { Link } from '../../../links/link.js';
import { LinkNames } from '../../../names/link-names.js';
import type { DocumentModels, DocumentTable, State } from '../planned-change.js';

/** Tunnels, which stay when the link that carries them is deleted. */
const STAYING: ReadonlySet<string | undefined> = new Set([
  ...['gre', 'gretap', 'erspan', 'ip6gre', 'ip6gretap', 'ip6erspan', 'ipip', 'sit', 'ip6tnl', 'vti', 'vti6', 'xfrm', 'wireguard'],
]);

/** Returns the names of links and of all that the kernel deletes with them: links on them, and their peers. @internal */
export function goneLinks(state: State, roots: readonly Link[]): ReadonlySet<string> {
  const gone = new Set(roots.map(({ name }) => name));
  const links = (state.objects.links ?? []) as readonly Link[];
  for (let size = -1; size !== gone.size;) {
    size = gone.size;
    for (const link of links) if (lowerOf(link).some((name) => gone.has(name))) gone.add(link.name);
  }
  return gone;
}

/** Returns the links whose deletion deletes a link: that which carries it, and its peer. @internal */
export function lowerOf({ kind, parent, peer }: Link): readonly string[] {
  const peerName = peer?.netnsid === undefined ? peer?.name : undefined;
  return [STAYING.has(kind) ? undefined : parent, peerName].filter((name) => name !== undefined);
}

/** Returns a state without links and without what is on them. @internal */
export function withoutGone(models: DocumentModels, state: State, gone: ReadonlySet<string>): State {
  if (gone.size === 0) return state;
  const links = ((state.objects.links ?? []) as readonly Link[]).filter(({ name }) => !gone.has(name));
  const kept = (table: DocumentTable, objects: readonly object[]): readonly object[] => {
    // Rules name links too, and stay without them.
    if (table === 'rules') return objects;
    if (table !== 'links') return objects.filter((object) => !isOn(object, gone));
    return links.map((link) => (link.master !== undefined && gone.has(link.master) ? withoutMaster(link) : link));
  };
  const entries = Object.entries(state.objects) as [DocumentTable, readonly object[]][];
  return {
    names: new LinkNames(
      links.map(({ [Row]: { ifiIndex, address }, name, altnames = [] }) => ({
        ...(address !== undefined && { address }),
        ...{ ifiIndex, ifname: name, propList: { altIfname: altnames } },
      })),
    ),
    vrfTables: state.vrfTables,
    objects: Object.fromEntries(entries.map(([table, objects]) => [table, kept(table, objects)])),
  };
}

/** Returns a link as if it had no master. @internal */
export function withoutMaster({
  [Row]: row,
  master: _master,
  bridgePort: _bridge,
  bondPort: _bond,
  vlans: _vlans,
  ...link
}: Link & { vlans?: unknown }): Link {
  return withRow(link, row);
}

function isOn(object: object, gone: ReadonlySet<string>): boolean {
  const { link, hops = [] } = object as { readonly link?: string; readonly hops?: readonly { readonly link?: string }[] };
  return (link !== undefined && gone.has(link)) || hops.some((hop) => hop.link !== undefined && gone.has(hop.link));
}
