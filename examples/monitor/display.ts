import { type Message } from 'rxnetlink';
import { decodeAddress } from './address.js';
import { decodeLink, markLowerDown, type Link } from './link.js';
import { decodeRoute } from './route.js';
import { RouteMessage } from './rtnetlink.js';
import type { Snapshot } from './snapshot.js';
import { addressLine, linkText, routeText } from './text.js';

/** Prints a snapshot and the following changes as lines. Keeps the links, whose names the other objects lack. */
export class Display {
  readonly #links = new Map<number, Link>();

  /** Returns the lines of a snapshot. */
  snapshot({ links, addresses, routes }: Snapshot): string[] {
    this.#links.clear();
    for (const link of links) this.#links.set(link.index, link);
    return [
      `${links.length} links`,
      ...links.map((link) => `  ${linkText(link)}`),
      `${addresses.length} addresses`,
      ...addresses.map((address) => `  ${addressLine(address, this.#nameOf)}`),
      `${routes.length} routes`,
      ...routes.map((route) => `  ${routeText(route, this.#nameOf)}`),
    ];
  }

  /** Returns the line of a change; undefined if the monitor does not show its object. */
  change(message: Message): string | undefined {
    const text = this.#changeText(message);
    return text === undefined ? undefined : `${new Date().toISOString().slice(11, 23)} ${text}`;
  }

  #changeText(message: Message): string | undefined {
    switch (message.type) {
      case RouteMessage.NewLink:
      case RouteMessage.DeleteLink:
        return this.#linkChange(message);
      case RouteMessage.NewAddress:
      case RouteMessage.DeleteAddress: {
        const address = decodeAddress(message);
        return address && `${word(message)} address ${addressLine(address, this.#nameOf)}`;
      }
      case RouteMessage.NewRoute:
      case RouteMessage.DeleteRoute: {
        const route = decodeRoute(message);
        return route && `${word(message)} route ${routeText(route, this.#nameOf)}`;
      }
      default:
        return undefined;
    }
  }

  #linkChange(message: Message): string | undefined {
    const received = decodeLink(message);
    if (received === undefined) return undefined;
    const link = markLowerDown(received, received.lower === undefined ? undefined : this.#links.get(received.lower));
    if (message.type === RouteMessage.DeleteLink) {
      this.#links.delete(link.index);
      return `gone    link ${linkText(link)}`;
    }
    const known = this.#links.has(link.index);
    this.#links.set(link.index, link);
    return `${known ? 'changed' : 'new    '} link ${linkText(link)}`;
  }

  readonly #nameOf = (index: number): string => this.#links.get(index)?.name ?? `if${index}`;
}

/** Returns the verb of a message: a NEW message has an even type, and the DEL message the next odd one. */
function word({ type }: Message): string {
  return type % 2 === 0 ? 'new    ' : 'gone   ';
}
