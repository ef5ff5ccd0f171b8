import { expect } from 'chai';
import type { Namespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { addressOf, resultOf, useHost, type Outcome } from './support.js';

interface IpLink {
  ifname: string;
  address: string;
  mtu: number;
  operstate: string;
  master?: string;
  linkinfo?: { info_kind: string; info_slave_data?: { hairpin: boolean } };
  addr_info: { family: string; local: string; prefixlen: number }[];
}

const failure = ({ exitCode, output }: Outcome): Record<string, unknown> => ({ exitCode, ...output });

describe('examples/cni: commands', function () {
  this.timeout(60_000);
  const host = useHost();
  const links = (namespace: { ip(line: string): string }) => JSON.parse(namespace.ip('-j -d address show')) as IpLink[];

  it('ADD connects a container, and returns what ip shows', async () => {
    const web = host().container();
    const config = { mtu: 1400, hairpinMode: true, dns: { nameservers: ['10.1.0.1'] } };
    const result = resultOf(await host().call('ADD', { netns: web.path, config }));

    const eth0 = links(web).find(({ ifname }) => ifname === 'eth0')!;
    const [pair = ''] = host().pairs();
    const outer = links(host().namespace).find(({ ifname }) => ifname === pair)!;
    const bridge = links(host().namespace).find(({ ifname }) => ifname === 'cni0')!;
    expect(result.interfaces).to.deep.equal([
      { name: 'cni0', mac: bridge.address, mtu: bridge.mtu },
      { name: pair, mac: outer.address, mtu: 1400 },
      { name: 'eth0', mac: eth0.address, mtu: 1400, sandbox: web.path },
    ]);
    expect(eth0).to.include({ mtu: 1400, operstate: 'UP' });
    expect(outer).to.include({ mtu: 1400, operstate: 'UP', master: 'cni0' });
    expect(outer.linkinfo?.info_slave_data?.hairpin).to.equal(true);
    const [inet] = eth0.addr_info.filter(({ family }) => family === 'inet');
    expect(result.ips).to.deep.equal([{ address: `${inet?.local}/${inet?.prefixlen}`, gateway: '10.1.0.1', interface: 2 }]);
    const routes = JSON.parse(web.ip('-j route show default')) as object[];
    expect(routes).to.have.length(1);
    expect(routes[0]).to.include({ gateway: '10.1.0.1', dev: 'eth0' });
    expect(result.routes).to.deep.equal([{ dst: '0.0.0.0/0', gw: '10.1.0.1' }]);
    expect(result.dns).to.deep.equal({ nameservers: ['10.1.0.1'] });
    expect(host().reserved()).to.deep.equal([addressOf(result)]);
  });

  it('ADD a second time fails with code 102, and leaves the container connected', async () => {
    const web = host().container();
    const prevResult = resultOf(await host().call('ADD', { netns: web.path }));
    const again = failure(await host().call('ADD', { netns: web.path }));
    expect(again).to.include({ exitCode: 1, code: 102, cniVersion: '1.1.0', msg: 'the interface exists' });
    expect(again['details']).to.equal(`eth0 exists in ${web.path}; choose another CNI_IFNAME, or call DEL first`);
    // The runtime lost the namespace, and forgot the DEL.
    const other = host().container();
    expect(failure(await host().call('ADD', { netns: other.path }))['details']).to.match(/^veth\S+ exists: container web was not deleted/);
    expect(await host().call('CHECK', { netns: web.path, config: { prevResult } })).to.deep.equal({ exitCode: 0, output: undefined });
  });

  it('ADD keeps the result of the plugin before it', async () => {
    const web = host().container();
    const first = { name: 'dummy0', sandbox: web.path };
    const ip = { address: '192.0.2.1/24', interface: 0 };
    const prevResult = { cniVersion: '1.1.0', interfaces: [first], ips: [ip], routes: null, dns: { domain: 'test' } };
    const result = resultOf(await host().call('ADD', { netns: web.path, config: { prevResult } }));
    expect(result.interfaces.map(({ name }) => name)).to.deep.equal(['dummy0', 'cni0', host().pairs()[0], 'eth0']);
    expect(result.ips[0]).to.deep.equal(ip);
    expect(result.ips[1]?.interface).to.equal(3);
    expect(result.dns).to.deep.equal({ domain: 'test' });
  });

  it('ADD gives containers a way to each other and to the gateway', async () => {
    const [web, db] = [host().container(), host().container()];
    resultOf(await host().call('ADD', { netns: web.path }));
    const address = addressOf(resultOf(await host().call('ADD', { id: 'db', netns: db.path })));
    for (const target of [address, '10.1.0.1']) expect(knock(web, target), target).to.equal('ECONNREFUSED');
  });

  it('ADD with ipMasq gives containers a way to hosts that know nothing of their subnet', async () => {
    const [web, internet] = [host().container(), host().container()];
    const { ip } = host().namespace;
    ip(`link add up0 type veth peer name eth0 netns ${internet.name ?? internet.path}`);
    ip('address add 192.0.2.1/24 dev up0');
    ip('link set up0 up');
    ip('route add default via 192.0.2.2');
    internet.ip('address add 192.0.2.2/24 dev eth0');
    internet.ip('link set eth0 up');
    const config = { ipMasq: true };
    const prevResult = resultOf(await host().call('ADD', { netns: web.path, config }));
    expect(knock(web, '192.0.2.2')).to.equal('ECONNREFUSED');

    const check = { netns: web.path, config: { ...config, prevResult } };
    expect((await host().call('CHECK', check)).exitCode).to.equal(0);
    host().namespace.run('nft', 'delete table ip cni-shop');
    expect(failure(await host().call('CHECK', check))['details']).to.match(/^\+ table ip cni-shop/);
    ip('link delete up0');
  });

  it('ADD of a namespace that does not exist fails with code 3, and makes nothing', async () => {
    const outcome = failure(await host().call('ADD', { netns: '/run/netns/nothing-here' }));
    expect(outcome).to.include({ exitCode: 1, code: 3 });
    expect(outcome['details']).to.match(/^CNI_NETNS is \/run\/netns\/nothing-here, which does not exist/);
    expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
  });

  it('ADD undoes its steps if a route is not valid', async () => {
    const web = host().container();
    const ipam = { type: 'host-local', subnet: '10.1.0.0/24', dataDir: host().folder, routes: [{ dst: '10.9.0.0/16', gw: '203.0.113.7' }] };
    const outcome = failure(await host().call('ADD', { netns: web.path, config: { ipam } }));
    expect(outcome).to.include({ exitCode: 1, code: 100 });
    expect(outcome['details']).to.match(/^cannot add route 10.9.0.0\/16 via 203.0.113.7/);
    expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
    expect(links(web).map(({ ifname }) => ifname)).to.deep.equal(['lo']);
  });

  it('DEL deletes the pair and the address, and succeeds again', async () => {
    const web = host().container();
    resultOf(await host().call('ADD', { netns: web.path }));
    for (let time = 0; time < 2; time++) {
      expect(await host().call('DEL', { netns: web.path })).to.deep.equal({ exitCode: 0, output: undefined });
      expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
      expect(links(web).map(({ ifname }) => ifname)).to.deep.equal(['lo']);
    }
  });

  it('DEL needs no namespace: one that is gone, or none at all', async () => {
    for (const netns of ['/run/netns/gone', undefined]) {
      const web = host().container();
      resultOf(await host().call('ADD', { netns: web.path }));
      web.delete();
      const parameters = netns === undefined ? {} : { netns };
      for (let time = 0; time < 2; time++) expect((await host().call('DEL', parameters)).exitCode).to.equal(0);
      expect([host().pairs(), host().reserved()]).to.deep.equal([[], []]);
    }
  });

  it('DEL leaves an interface of another program alone', async () => {
    const web = host().container();
    web.ip('link add eth0 type bridge');
    expect(failure(await host().call('ADD', { netns: web.path }))).to.include({ code: 102 });
    expect((await host().call('DEL', { netns: web.path })).exitCode).to.equal(0);
    expect(links(web).map(({ ifname }) => ifname)).to.deep.equal(['lo', 'eth0']);
  });

  it('GC deletes what is not listed, and nothing a second time', async () => {
    const names = ['web', 'db', 'mail'];
    for (const id of names) resultOf(await host().call('ADD', { id, netns: host().container().path }));
    const kept = resultOf(await host().call('ADD', { id: 'db', ifname: 'eth1', netns: host().container().path }));
    const valid = [
      { containerID: 'db', ifname: 'eth1' },
      { containerID: 'unknown', ifname: 'eth0' },
    ];
    for (let time = 0; time < 2; time++) {
      const outcome = await host().call('GC', { config: { 'cni.dev/valid-attachments': valid } });
      expect(outcome).to.deep.equal({ exitCode: 0, output: undefined });
      expect(host().reserved()).to.deep.equal([addressOf(kept)]);
      expect(host().pairs()).to.deep.equal([kept.interfaces[1]?.name]);
    }
  });
});

/** Connects to a port where nothing listens: ECONNREFUSED proves that packets arrive there, and that the answer comes back. */
function knock(from: Namespace, address: string): string {
  const seconds = 10 * PATIENCE;
  const program = `import errno, socket; s = socket.socket(); s.settimeout(${seconds}); print(errno.errorcode.get(s.connect_ex(('${address}', 1))))`;
  return from.run('python3', '-c', program).trim();
}
