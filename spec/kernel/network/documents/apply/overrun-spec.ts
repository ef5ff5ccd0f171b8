import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { lastValueFrom, tap } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import type { ReconcileEvent } from '../../../../../lib/network/documents/reconcile/reconcile.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { PATIENCE } from '../../../../support/patience.js';
import { eventually, one, shown } from '../../support.js';

/** More events than the receive queue of a socket holds. */
const FLOOD = Array.from({ length: 1200 }, (_, index) => `addr ${index % 2 === 0 ? 'add' : 'del'} fd99::1/64 dev x0 nodad`);

const DOCUMENT: NetworkDocument = {
  version: 1,
  links: [{ name: 'v0', up: true, mtu: 1400, addresses: ['10.1.0.1/24', 'fd01::1/64'] }],
  routes: [{ to: 'fd09::/64', via: 'fd01::9', source: 'fd01::1' }],
};

describe('documents, when events are lost', function () {
  this.timeout(60_000);
  useNamespace();
  let namespace: Namespace;
  let net: Network;
  let overruns: number;
  const count = (): void => {
    overruns++;
  };

  beforeEach(() => {
    overruns = 0;
    subscribe('rxnetlink:overrun', count);
    namespace = createNamespace();
    namespace.batch(['link add x0 type ifb', 'link set x0 up', 'link add v0 type veth peer name v1', 'link set v1 up', 'link set v0 up']);
    // A test for duplicates takes two seconds: `apply` still waits for it when the flood begins, on an emulated processor too.
    for (const setting of ['accept_dad=1', 'dad_transmits=2', 'router_solicitation_delay=0'])
      namespace.run('sh', '-c', `echo ${setting.split('=').reverse().join(' > /proc/sys/net/ipv6/conf/v0/')}`);
    net = network({ netns: namespace.path });
  });
  afterEach(() => {
    unsubscribe('rxnetlink:overrun', count);
    net.close();
    namespace.delete();
  });

  /** Has another program change more than the queues of sockets hold, while this process reads nothing. */
  const flood = (...lines: readonly string[]): void => namespace.batch([...FLOOD, ...lines]);

  it('apply waits for addresses, and verifies', async () => {
    let isFlooded = false;
    // The flood stops this process, and a busy machine tests addresses late: more than the three seconds of the default.
    const work = net.applyWithProgress(DOCUMENT, { settle: 15_000 * PATIENCE }).pipe(
      tap((event) => {
        if (isFlooded || event.type !== 'done' || !event.difference.text.includes('fd01::1')) return;
        isFlooded = true;
        setTimeout(() => flood('link set v0 mtu 1300'), 500);
      }),
    );
    const last = await lastValueFrom(work);
    expect(overruns).to.be.greaterThan(0);
    expect(last).to.include({ type: 'applied' });
    const [v0] = shown<{ readonly mtu: number; readonly addr_info: readonly object[] }>(namespace, 'ip -j addr show v0');
    expect(v0!.mtu).to.equal(1400);
    expect(v0!.addr_info.filter((address) => 'tentative' in address)).to.deep.equal([]);
    expect(shown(namespace, 'ip -j -6 route show fd09::/64')).to.containSubset([{ gateway: 'fd01::9', prefsrc: 'fd01::1' }]);
    expect((await one(net.plan(DOCUMENT))).text).to.equal('');
  });

  it('reconcile compares again', async () => {
    const events: ReconcileEvent['type'][] = [];
    const subscription = net.reconcile(DOCUMENT).subscribe(({ type }) => events.push(type));
    try {
      await eventually(() => events.at(-1) === 'in-sync');
      await delay(200);
      events.length = 0;
      flood('link set v0 mtu 1300');
      await eventually(() => events.at(-1) === 'in-sync');
      expect(overruns).to.be.greaterThan(0);
      expect(events).to.include('repaired');
      expect(shown<{ readonly mtu: number }>(namespace, 'ip -j link show v0')[0]!.mtu).to.equal(1400);
    } finally {
      subscription.unsubscribe();
    }
  });
});
