import type { GetlinkReply } from '../../families/rt-link.js';
import type { Change, MonitorEvent } from './event.js';
import { LinkStates } from './link-states.js';
import { SetLayouts } from './set-layouts.js';
import { linkState } from './sentences/links.js';
import { other } from './sentences/others.js';
import { SENTENCES } from './sentences/sentences.js';

/** Puts the events of one namespace into words. It sees all of them in their order, because it remembers the links and the sets of nftables. */
export class Describer {
  readonly links: LinkStates = new LinkStates();
  readonly sets: SetLayouts = new SetLayouts();

  /** Returns an event in words. */
  describe(event: MonitorEvent): string {
    switch (event.type) {
      case 'lost':
        return `lost ${event.datagrams === 0 ? 'some' : String(event.datagrams)} datagrams of ${event.protocol}: the reader was too slow, and their changes are missing here; read faster, or raise --buffer`;
      case 'listening':
        return 'listening';
      case 'resynced':
        return `read ${String(event.links)} links again`;
      case 'change':
        return this.#sentence(event);
    }
  }

  #sentence(event: Change): string {
    const before = event.topic === 'links' && event.value['ifiFamily'] === 0 ? this.#update(event) : undefined;
    if (event.topic === 'firewall') this.sets.update(event.operation, event.value as never);
    const { error } = event.value;
    const sentence = 'bytes' in event.value || typeof error === 'string' ? other : (SENTENCES[event.topic] ?? other);
    return sentence(event.value as never, event, { links: this.links, sets: this.sets, before });
  }

  /** Remembers a link, and returns what was known of it. */
  #update({ operation, value }: Change): ReturnType<LinkStates['get']> {
    const link = value as unknown as GetlinkReply;
    const before = this.links.get(link.ifiIndex);
    if (operation === 'newlink') this.links.set(link.ifiIndex, linkState(link));
    if (operation === 'dellink') this.links.delete(link.ifiIndex);
    return before;
  }
}
