import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { rtAddrSchema } from '../../../../lib/families/rt-addr.js';
import { rtLinkSchema } from '../../../../lib/families/rt-link.js';
import { network, type Network, type NetworkReason } from '../../../../lib/network/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel } from '../../../../lib/testing/index.js';
import { useNamespace } from '../../../support/namespace.js';
import { failure, one } from '../support.js';

const ROOT = join(import.meta.dirname, '../../../..');

/** A verb that fails, and the message of its error. */
interface Failure {
  readonly message: string;
  readonly run: (net: Network) => Parameters<typeof failure>[0];
}

/** A failure of each reason on the running kernel; `v0` is a port of `br0` and has 10.0.0.1/24, as `v1` has. */
const FAILURES: Readonly<Record<Exclude<NetworkReason, 'denied' | keyof typeof FAKE_FAILURES | 'stale' | 'cancelled'>, Failure>> = {
  missing: {
    message: 'cannot delete route 10.8.0.0/16: it does not exist',
    run: (net) => net.routes.delete({ to: '10.8.0.0/16' }),
  },
  exists: {
    message:
      'cannot add route 10.9.0.0/16 via 10.0.0.9: a route with this destination, table and metric exists; another metric adds a second one, replace() changes it, ensure() accepts the same route (EEXIST)',
    run: (net) => net.routes.add({ to: '10.9.0.0/16', via: '10.0.0.9' }),
  },
  busy: {
    message: 'cannot add link mv0: parent: the link is in use: it has a master, or links of another kind stand on it (EBUSY)',
    run: (net) => net.links.add({ name: 'mv0', kind: 'macvlan', parent: 'v0' }),
  },
  unreachable: {
    message:
      'cannot add route 192.0.2.0/24 via 203.0.113.7: Nexthop has invalid gateway (ENETUNREACH); ' +
      'the gateway must be in the network of a link that is up; onlink: true skips this test',
    run: (net) => net.routes.add({ to: '192.0.2.0/24', via: '203.0.113.7' }),
  },
  unsupported: {
    message:
      'cannot change address 10.0.0.1/24 on v0: the kernel cannot change label in place; ' +
      'option { recreate: true } deletes and creates it again',
    run: (net) => net.addresses.change({ link: 'v0', address: '10.0.0.1/24' }, { label: 'v0:1' }),
  },
  invalid: {
    message: "cannot add route 10.0.0.1/8 via 10.0.0.9: to: '10.0.0.1/8' has host bits; the network is '10.0.0.0/8'",
    run: (net) => net.routes.add({ to: '10.0.0.1/8', via: '10.0.0.9' }),
  },
  ambiguous: {
    message: 'cannot get address 10.0.0.1: the key matches 2 objects: 10.0.0.1/24 on v1, 10.0.0.1/24 on v0; add a property to it',
    // In JavaScript, and in a configuration, the link may be absent.
    run: (net) => net.addresses.get({ address: '10.0.0.1' } as never),
  },
  'unknown-name': {
    message: "cannot add address 10.0.0.5/24 on vo: link: no link is named 'vo'; did you mean v1?",
    run: (net) => net.addresses.add({ link: 'vo', address: '10.0.0.5/24' }),
  },
  timeout: {
    message: 'cannot wait for link v7: it does not exist after 0.05 s',
    run: (net) => net.links.until('v7', { carrier: true, timeout: '50ms' }),
  },
};

/** Failures that the running kernel does not produce at will; the fake one answers every write of an address with `reply`. */
const FAKE_FAILURES: Readonly<
  Record<'conflict' | 'not-converging', Failure & { readonly reply: () => ReturnType<typeof errorReply> | undefined }>
> = {
  conflict: {
    reply: () => errorReply('EADDRNOTAVAIL'),
    message: 'cannot ensure address 10.0.0.1/24 on v0: another process writes the same object',
    run: (net) => net.addresses.ensure({ link: 'v0', address: '10.0.0.1/24', metric: 5 }),
  },
  'not-converging': {
    reply: () => undefined,
    message:
      'cannot ensure address 10.0.0.1/24 on v0: the kernel acknowledged metric 5, but it is 3; ' +
      'the driver may not accept it, or another program wrote it',
    run: (net) => net.addresses.ensure({ link: 'v0', address: '10.0.0.1/24', metric: 5 }),
  },
};

const DENIED = 'cannot change link v0: needs CAP_NET_ADMIN in its namespace (EPERM)';

/** The reasons and the messages of the table in the documentation. */
function documented(): Readonly<Record<string, string>> {
  const page = readFileSync(join(ROOT, 'docs/network/errors.md'), 'utf8');
  return Object.fromEntries(
    [...page.matchAll(/^\| `([a-z-]+)` +\| `(cannot .*?)` *\|$/gm)].map(([, reason, message]) => [reason!, message!]),
  );
}

describe('the reasons of NetworkError', () => {
  const namespace = useNamespace();
  let net: Network;
  before(async () => {
    net = network({ netns: namespace().path });
    namespace().batch([
      'link add v0 up type veth peer name v1',
      'link set v1 up',
      'link add br0 up type bridge',
      'link set v0 master br0',
      'addr add 10.0.0.1/24 dev v1',
      'addr add 10.0.0.1/24 dev v0',
      'route add 10.9.0.0/16 via 10.0.0.9 proto static',
    ]);
    await one(net.links.until('v1', { carrier: true, timeout: '5s' }));
  });
  after(() => net.close());

  for (const [reason, { message, run }] of Object.entries(FAILURES)) {
    it(`states what happened, and what to do: ${reason}`, async () => {
      const error = await failure(run(net), reason as NetworkReason);
      expect(error.message).to.equal(message);
    });
  }

  for (const [reason, { message, run, reply }] of Object.entries(FAKE_FAILURES)) {
    it(`states what happened, and what to do: ${reason}, on a fake kernel`, async () => {
      const link = { ifiIndex: 7, ifname: 'v0', ifiType: 1 };
      const address = { ifaFamily: 2, ifaIndex: 7, ifaPrefixlen: 24, local: '10.0.0.1', address: '10.0.0.1', rtPriority: 3 };
      const families = fakeFamilies(
        fakeFamily(rtLinkSchema, { dump: { getlink: () => [link] }, do: { getlink: () => link } }),
        fakeFamily(rtAddrSchema, { dump: { getaddr: () => [address] }, do: { newaddr: reply } }),
      );
      using fake = network({ transport: fakeKernel(families) });
      expect((await failure(run(fake), reason as NetworkReason)).message).to.equal(message);
    });
  }

  it('states what happened, and what to do: denied, in a process without the capability', function () {
    this.timeout(20_000);
    const script = `
      import { lastValueFrom } from 'rxjs';
      import { network } from '${ROOT}/lib/network/index.ts';
      await lastValueFrom(network().links.change('v0', { mtu: 1400 })).catch(({ reason, message }) => console.log(JSON.stringify([reason, message])));`;
    const without = ['--bounding-set', '-net_admin', '--inh-caps', '-net_admin'];
    const output = namespace().run('setpriv', ...without, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script);
    expect(JSON.parse(output)).to.deep.equal(['denied', DENIED]);
  });

  it('are all in the documentation, with these messages', () => {
    const all = Object.entries({ ...FAILURES, ...FAKE_FAILURES }).map(([reason, { message }]) => [reason, message]);
    expect(documented()).to.deep.equal(Object.fromEntries([...all, ['denied', DENIED]]));
  });
});
