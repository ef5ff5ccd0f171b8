import { IfinfoFlags, type GetlinkReply } from '../../../families/rt-link.js';
import { stateOf } from '../../../network/internal.js';
import type { LinkState } from '../link-states.js';
import { notes, words, type Sentence } from './sentence.js';

/** AF_BRIDGE: the view that a bridge has of a port. */
const AF_BRIDGE = 7;

/** Returns what is remembered of a link. */
export function linkState({ ifname, ifiFlags, linkinfo, operstate, mtu, address, master }: GetlinkReply): LinkState {
  return {
    name: ifname ?? '',
    up: (ifiFlags & IfinfoFlags.Up) !== 0,
    ...(linkinfo?.kind !== undefined && { kind: linkinfo.kind }),
    ...(operstate !== undefined && { state: String(stateOf(operstate)) }),
    ...(mtu !== undefined && { mtu }),
    ...(address !== undefined && { mac: macOf(address) }),
    ...(master !== undefined && { master }),
  };
}

/** `link eth0 changed: mtu 1500 to 1400`: a new link is described, of a known one the differences are named. */
export const link: Sentence<GetlinkReply> = (value, { operation }, { links, before }) => {
  const { ifname = links.nameOf(value.ifiIndex), ifiFamily, newNetnsid } = value;
  if (operation === 'newstats') return words('statistics of link', ifname);
  if (ifiFamily === AF_BRIDGE) {
    return operation === 'dellink'
      ? `port ${ifname} left its bridge`
      : words('port', ifname, 'of bridge', nameOf(value.master, links), 'changed');
  }
  const state = linkState(value);
  const named = words('link', ifname, state.kind !== undefined && `(${state.kind})`);
  if (operation === 'dellink') return words(named, newNetnsid === undefined ? 'removed' : `moved to namespace ${String(newNetnsid)}`);
  if (before === undefined) {
    return words(
      named,
      'added',
      notes([
        state.up ? 'up' : 'down',
        `mtu ${String(state.mtu)}`,
        state.master !== undefined && `master ${links.nameOf(state.master)}`,
        state.mac,
      ]),
    );
  }
  const changes = [
    before.name !== state.name && `it was called ${before.name}`,
    before.up !== state.up && (state.up ? 'up' : 'down'),
    before.state !== state.state && `state ${String(before.state)} to ${String(state.state)}`,
    before.mtu !== state.mtu && `mtu ${String(before.mtu)} to ${String(state.mtu)}`,
    before.mac !== state.mac && `MAC ${String(before.mac)} to ${String(state.mac)}`,
    before.master !== state.master && (state.master === undefined ? 'no master' : `master ${links.nameOf(state.master)}`),
  ].filter((change) => change !== false);
  return changes.length > 0
    ? `${named} changed: ${changes.join(', ')}`
    : words(named, 'changed', notes([state.up ? 'up' : 'down', reason(value)]));
};

/** The cause of an event, which the kernel adds to some (IFLA_EVENT). */
function reason({ event }: GetlinkReply): string | false {
  return event !== undefined && String(event) !== 'none' && String(event);
}

function nameOf(index: number | undefined, links: { nameOf(index: number): string }): string | undefined {
  return index === undefined ? undefined : links.nameOf(index);
}

function macOf(address: unknown): string {
  return typeof address === 'string' ? address : Buffer.from(address as Uint8Array).toString('hex');
}
