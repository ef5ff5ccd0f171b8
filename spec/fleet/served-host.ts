import { fakeFamilies, fakeFamily, fakeKernel, type FakeKernel } from '../../lib/testing/index.js';
import type { Subscription } from 'rxjs';
import type { Transport } from '../../lib/index.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { remote, serveRemote, type RemoteEvent, type RemoteOptions, type ServeRemoteOptions } from '../../lib/fleet/index.js';
import { PATIENCE } from '../support/patience.js';
import { FakeNats } from './fake-nats.js';

export const HOST = 'web-1';
export const BEAT: number = 40 * PATIENCE;

/** Hosts that serve sockets over a server in memory. */
export class ServedHost {
  nats: FakeNats = new FakeNats();
  events: RemoteEvent[] = [];
  readonly #servers: Subscription[] = [];

  /** Serves the sockets of a kernel, until `reset`. */
  async serve(kernel: FakeKernel, options: Partial<ServeRemoteOptions> = {}): Promise<Subscription> {
    const source = serveRemote(this.nats.connect(), { host: HOST, transport: kernel, beat: BEAT, ...options });
    return new Promise<Subscription>((resolve, reject) => {
      const subscription = source.subscribe({
        next: (event) => {
          this.events.push(event);
          if (event.type === 'started') resolve(subscription);
        },
        error: reject,
      });
      this.#servers.push(subscription);
    });
  }

  transport(options: RemoteOptions = {}): Transport {
    return remote(this.nats.connect(), HOST, options);
  }

  async untilEvent(type: RemoteEvent['type']): Promise<void> {
    while (!this.events.some((event) => event.type === type)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  reset(): void {
    for (const server of this.#servers.splice(0)) server.unsubscribe();
    this.nats = new FakeNats();
    this.events = [];
  }
}

/** Returns a kernel with two links. */
export function links(): FakeKernel {
  const rows = [
    { ifiIndex: 1, ifname: 'lo' },
    { ifiIndex: 2, ifname: 'a' },
  ];
  return fakeKernel(fakeFamilies(fakeFamily(rtLinkSchema, { dump: { getlink: () => rows } })));
}
