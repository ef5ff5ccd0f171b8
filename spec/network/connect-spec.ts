import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import type { Transport, TransportOptions } from '../../lib/index.js';
import { network } from '../../lib/network/index.js';
import { fakeNetwork } from '../../lib/testing/index.js';

describe('network().connect', () => {
  it('holds one socket open for all requests until its lease ends', async () => {
    const { transport } = fakeNetwork().options;
    let opened = 0;
    const counting = new Proxy(transport, {
      get: (target, name: keyof Transport) => {
        if (name !== 'open') return target[name];
        return (options: TransportOptions) => {
          opened++;
          return target.open(options);
        };
      },
    });
    using net = network({ transport: counting });
    for (const request of [1, 2]) {
      await firstValueFrom(net.links.list());
      await pause(20);
      expect(opened, 'sockets without a lease').to.equal(request);
    }
    {
      using _lease = net.connect();
      for (const _request of [1, 2, 3]) {
        await firstValueFrom(net.addresses.list());
        await pause(20);
      }
      expect(opened, 'sockets with a lease').to.equal(3);
    }
    await pause(20);
    await firstValueFrom(net.links.list());
    expect(opened, 'sockets after the lease').to.equal(4);
  });
});
