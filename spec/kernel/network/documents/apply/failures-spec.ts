import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import type { ApplyOptions } from '../../../../../lib/network/documents/apply/apply.js';
import { isApplyError, type ApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { one, shown } from '../../support.js';
import { pictureOf, settledPicture } from './picture.js';
import { refusingTransport, type RefusingTransport } from './refusing.js';

describe('network().apply, as it fails', function () {
  this.timeout(60_000);
  useNamespace();
  let namespace: Namespace;
  let other: Namespace;
  let kernel: RefusingTransport;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    other = createNamespace();
    kernel = refusingTransport();
    net = network({ netns: namespace.path, transport: kernel.transport });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
    other.delete();
  });

  async function failed(document: NetworkDocument, options?: ApplyOptions): Promise<ApplyError> {
    const error = await one(net.apply(document, options)).then(
      () => new Error('apply succeeded'),
      (reason: unknown) => reason,
    );
    if (!isApplyError(error)) throw error;
    return error;
  }

  it('names the place in the document of what the kernel rejects', async () => {
    const { path, undone } = await failed({
      version: 1,
      links: [{ name: 'br0', kind: 'bridge', up: true, addresses: ['10.1.0.1/24'] }],
      routes: [
        { to: '10.8.0.0/16', via: '10.1.0.9' },
        { to: '10.7.0.0/16', via: '10.66.0.9' },
      ],
    });
    expect({ path, undone }).to.deep.equal({ path: 'routes[1]', undone: true });
  });

  it('names the place in the document of a named namespace', async function () {
    if (other.name === undefined) this.skip();
    const before = await settledPicture(other);
    const { path, undone, subject, message } = await failed({
      version: 1,
      namespaces: {
        [other.name]: {
          version: 1,
          links: [{ name: 'br0', kind: 'bridge', up: true }],
          rules: [{ priority: 900, from: '10.9.0.0/16', table: 50 }],
          routes: [{ to: '10.7.0.0/16', via: '10.66.0.9' }],
        },
      },
    });
    expect({ path, undone, subject }).to.deep.equal({ path: `namespaces.${other.name}.routes[0]`, undone: true, subject: 'document' });
    expect(message).to.contain(`route 10.7.0.0/16 via 10.66.0.9 in ${other.name}`);
    expect(pictureOf(other)).to.deep.equal(before);
  });

  describe('when another host has an IPv6 address', () => {
    const ADDRESS = 'fd01::1/64';
    const DUPLICATE: NetworkDocument = {
      version: 1,
      links: [
        { name: 'br0', kind: 'bridge', up: true },
        { name: 'v0', up: true, addresses: ['10.1.0.1/24', 'fd01::5/64', ADDRESS] },
      ],
      routes: [{ to: 'fd09::/64', via: 'fd01::9' }],
    };

    beforeEach(() => {
      namespace.batch(['link add v0 type veth peer name v1', `link set v1 netns ${other.path}`, 'link set v0 up']);
      other.batch(['link set v1 up', `addr add ${ADDRESS} dev v1 nodad`]);
      // The namespaces of specs test no addresses. A test takes up to two seconds by default.
      const settings = ['conf/v0/accept_dad=1', 'conf/v0/router_solicitation_delay=0', 'neigh/v0/retrans_time_ms=100'];
      for (const setting of settings) namespace.run('sh', '-c', `echo ${setting.split('=').reverse().join(' > /proc/sys/net/ipv6/')}`);
    });

    const flags = (): unknown =>
      shown<{ readonly addr_info: readonly { readonly local: string; readonly dadfailed?: true }[] }>(namespace, 'ip -j addr show v0')
        .flatMap(({ addr_info }) => addr_info)
        .map(({ local, dadfailed = false }) => [local, dadfailed]);

    it('names the address in the document, and undoes everything', async () => {
      const before = await settledPicture(namespace);
      const { reason, path, undone, message } = await failed(DUPLICATE);
      expect({ reason, path, undone }).to.deep.equal({ reason: 'conflict', path: 'links[1].addresses[2]', undone: true });
      expect(message).to.contain('address fd01::1/64').and.to.contain('duplicate address detection');
      expect(pictureOf(namespace)).to.deep.equal(before);
    });

    it('creates the address again, because the kernel does not test it again', async () => {
      await failed(DUPLICATE, { onFailure: 'stop' });
      expect(flags()).to.deep.include([ADDRESS.split('/')[0], true]);
      const again = await failed(DUPLICATE, { onFailure: 'stop' });
      expect(again).to.include({ reason: 'conflict', path: 'links[1].addresses[2]' });
      other.batch([`addr del ${ADDRESS} dev v1`]);
      await one(net.apply(DUPLICATE));
      expect(flags()).to.deep.include([ADDRESS.split('/')[0], false]);
    });

    it('writes the rest if the document continues on failure, and reports the address as left', async () => {
      const { left } = await one(net.apply(DUPLICATE, { onFailure: 'continue' }));
      expect(left.map(({ table, name }) => [table, name])).to.deep.equal([['addresses', `${ADDRESS} on v0`]]);
      expect(left[0]!.error?.message).to.contain('duplicate address detection');
      expect(shown(namespace, 'ip -j -6 route show fd09::/64')).to.have.length(1);
    });
  });

  it('lists what the kernel does not let it undo, with the values of before and now', async () => {
    namespace.batch(['link add v0 type veth peer name v1', 'link set v0 up', 'addr add 10.1.0.1/24 dev v0 metric 5']);
    // The kernel rejects the route, and everything after it.
    kernel.refuse((write) => write > 1);
    const { undone, left, message } = await failed({
      version: 1,
      links: [{ name: 'v0', mtu: 1400, addresses: [{ address: '10.1.0.1/24', metric: 7 }] }],
      routes: [{ to: '10.8.0.0/16', via: '10.1.0.9' }],
    });
    kernel.refuse();
    // The prefix route follows the metric of its address.
    const lines = ['~ link v0: mtu 1500 -> 1400', '~ address 10.1.0.1/24 on v0: metric 5 -> 7', '- route 10.1.0.0/24 dev v0 metric 5'];
    expect({ undone, left: left.map(({ text }) => text) }).to.deep.equal({ undone: false, left: lines });
    expect(message).to.contain(`; not undone: ${lines.join(', ')}`);
  });

  it('names the place of what the kernel rejects, beside the object', async () => {
    const link = await failed({ version: 1, links: [{ name: 'br7', kind: 'bridge', mtu: 70_000 }] });
    expect(link.path).to.equal('links[0]');
    expect(link.message).to.match(/^cannot apply document: links\[0\]: cannot add link br7: mtu greater than device maximum \(EINVAL\)/);
    const route = await failed({ version: 1, routes: [{ to: '10.8.0.0/16', via: '10.1.0.9' }] });
    expect(route.path).to.equal('routes[0]');
    expect(route.message).to.match(/^cannot apply document: routes\[0\]: cannot add route 10\.8\.0\.0\/16 via 10\.1\.0\.9: /);
  });

  it('counts an object as deleted that another program deletes first', async () => {
    namespace.batch([
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'route add 10.8.0.0/16 dev v0',
      'route add 10.9.0.0/16 dev v0',
    ]);
    kernel.onWrite = () => {
      kernel.onWrite = undefined;
      namespace.ip('route del 10.8.0.0/16');
    };
    const routes = [
      { to: '10.8.0.0/16', absent: true },
      { to: '10.9.0.0/16', absent: true },
    ] as const;
    const { written, rounds, left } = await one(net.apply({ version: 1, routes }));
    expect({ written, rounds, left }).to.deep.equal({ written: 2, rounds: 1, left: [] });
  });

  it('keeps the link that another program creates before its own when it is undone', async () => {
    const document: NetworkDocument = {
      version: 1,
      links: [{ name: 'br7', kind: 'bridge', mtu: 1400, addresses: ['10.7.0.1/24'] }],
      routes: [{ to: '10.6.0.0/16', via: '10.66.0.9' }],
    };
    kernel.onWrite = () => {
      kernel.onWrite = undefined;
      namespace.ip('link add br7 type bridge');
    };
    expect(await failed(document)).to.include({ undone: true, path: 'routes[0]' });
    expect(shown(namespace, 'ip -j addr show br7')).to.containSubset([{ ifname: 'br7', addr_info: [] }]);
  });

  it('reports an object that another program creates between the plan and the write, and takes everything back but that', async () => {
    namespace.batch(['link add d0 type ifb', 'link set d0 up', 'addr add 10.1.0.1/24 dev d0']);
    const document: NetworkDocument = {
      version: 1,
      rules: [{ priority: 900, from: '10.9.0.0/16', table: 50 }],
      routes: [{ to: '10.9.0.0/16', via: '10.1.0.8', metric: 7 }],
    };
    const foreign = '10.9.0.0/16 via 10.1.0.9 proto bgp metric 7';
    kernel.onWrite = () => {
      kernel.onWrite = undefined;
      namespace.ip(`route add ${foreign}`);
    };
    const { reason, undone, message } = await failed(document);
    expect({ reason, undone }).to.deep.equal({ reason: 'conflict', undone: true });
    expect(message).to.contain('route 10.9.0.0/16');
    expect(shown(namespace, 'ip -j route show proto bgp')).to.containSubset([{ dst: '10.9.0.0/16', gateway: '10.1.0.9', metric: 7 }]);
    expect(shown(namespace, 'ip -j route show 10.9.0.0/16')).to.have.length(1);
    expect(shown<{ readonly priority: number }>(namespace, 'ip -j rule').map(({ priority }) => priority)).to.not.include(900);
  });
});
