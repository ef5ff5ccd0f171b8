import type { Link } from '../../links/link.js';
import type { ParsedLink } from '../parse/parsed-document.js';
import type { State } from '../plan/planned-change.js';
import type { TrafficLink } from './plan-traffic.js';

/** The MTU of Ethernet (`ETH_DATA_LEN`). */
const USUAL_MTU = 1500;

/** The length of the transmit queue of a link without one of its own (`DEFAULT_TX_QUEUE_LEN`). */
const USUAL_QUEUE = 1000;

/** The length of the header of Ethernet (`ETH_HLEN`). */
const ETHERNET_HEADER = 14;

/** The text of a MAC address. */
const MAC_LENGTH = 'ff:ff:ff:ff:ff:ff'.length;

/**
 * Returns a link of a document for the plan of its traffic control.
 *
 * @param found - The link that is there.
 * @param left - The state without the links that the plan deletes, also to create them again.
 * @internal
 */
export function trafficLink({ name, path, wanted }: ParsedLink, found: Link | undefined, left: Pick<State, 'names'>): TrafficLink {
  const isLeft = found !== undefined && left.names.indexOf(found.name) === found.index;
  return { name, path, found: isLeft ? found.name : undefined, queue: queueOf({ ...found, ...wanted }) };
}

/** Returns the properties of a link on which the defaults of its qdiscs depend. @internal */
export function queueOf(link: Partial<Pick<Link, 'mtu' | 'txQueueLength' | 'mac'>>): TrafficLink['queue'] {
  const { mtu = USUAL_MTU, txQueueLength = USUAL_QUEUE, mac } = link;
  return { mtu, txQueueLength, headerLength: mac === undefined || mac.length === MAC_LENGTH ? ETHERNET_HEADER : 0 };
}
