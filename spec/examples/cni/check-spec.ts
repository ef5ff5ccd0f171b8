import { expect } from 'chai';
import type { Result } from '../../../examples/cni/result.js';
import type { Namespace } from '../../support/namespace.js';
import { addressOf, resultOf, useHost } from './support.js';

describe('examples/cni: CHECK and STATUS', function () {
  this.timeout(60_000);
  const host = useHost();
  const details = async (command: string, parameters = {}) => {
    const { exitCode, output } = await host().call(command, parameters);
    return exitCode === 0 ? 'ok' : `${String(output?.['code'])} ${String(output?.['details'])}`;
  };

  describe('CHECK', () => {
    let web: Namespace;
    let prevResult: Result;
    beforeEach(async () => {
      web = host().container();
      prevResult = resultOf(await host().call('ADD', { netns: web.path }));
    });
    const check = () => details('CHECK', { netns: web.path, config: { prevResult } });

    it('succeeds twice after ADD, and accepts what others have added', async () => {
      expect(await check()).to.equal('ok');
      web.ip('address add 192.0.2.7/24 dev eth0');
      web.ip('route add 10.5.0.0/16 via 10.1.0.1');
      expect(await check()).to.equal('ok');
    });

    const faults: [string, () => void, RegExp][] = [
      ['a route', () => web.ip('route delete default'), /^101 \+ route default via 10.1.0.1; call DEL, then ADD$/],
      ['an address', () => web.ip('address flush dev eth0'), /^101 \+ address 10.1.0.\d+\/24 on eth0/],
      ['the state of the link', () => web.ip('link set eth0 down'), /^101 ~ link eth0: up false -> true/],
      ['the MAC address', () => web.ip('link set eth0 address 02:00:00:00:00:01'), /^101 ~ link eth0: mac 02:00:00:00:00:01 -> /],
      ['the bridge port', () => host().namespace.ip(`link set ${host().pairs()[0]} nomaster`), /^101 ~ link veth\w+: master .*-> cni0/],
      ["the gateway's address", () => host().namespace.ip('address flush dev cni0'), /^101 \+ address 10.1.0.1\/24 on cni0/],
      ['the pair', () => host().namespace.ip(`link delete ${host().pairs()[0]}`), /^10[01] .*(?:veth\w+|eth0)/],
    ];
    for (const [title, harm, expected] of faults) {
      it(`names the difference in ${title}`, async () => {
        harm();
        expect(await check()).to.match(expected);
      });
    }

    it('fails if the address is not reserved, or is not that of the result', async () => {
      const wrong = { ...prevResult, ips: [{ ...prevResult.ips[0]!, address: '10.1.0.200/24' }] };
      expect(await details('CHECK', { netns: web.path, config: { prevResult: wrong } })).to.match(
        new RegExp(`^101 prevResult lacks the reserved address ${addressOf(prevResult)}/24`),
      );
      await host().call('DEL', { netns: web.path });
      expect(await check()).to.match(/^101 .*shop has no address of web\/eth0; call DEL, then ADD$/);
    });

    it('fails if the namespace is gone, and asks for DEL', async () => {
      web.delete();
      expect(await check()).to.match(/^101 CNI_NETNS is .*which does not exist; call DEL/);
    });
  });

  describe('STATUS', () => {
    it('succeeds without a bridge, and beside containers', async () => {
      expect(await details('STATUS', { config: { bridge: 'fresh0', ipMasq: true } })).to.equal('ok');
      resultOf(await host().call('ADD', { netns: host().container().path }));
      for (let time = 0; time < 2; time++) expect(await details('STATUS')).to.equal('ok');
    });

    it('fails with code 50 when no address is free; ADD then fails with code 11', async () => {
      const ipam = { type: 'host-local', subnet: '10.1.0.0/30', dataDir: host().folder };
      resultOf(await host().call('ADD', { netns: host().container().path, config: { ipam } }));
      expect(await details('STATUS', { config: { ipam } })).to.match(/^50 all addresses of 10.1.0.0\/30 are in use; delete containers/);
      const db = { id: 'db', netns: host().container().path, config: { ipam } };
      expect(await details('ADD', db)).to.match(/^11 all addresses from 10.1.0.1 to 10.1.0.2 of 10.1.0.0\/30 are in use/);
      expect(host().pairs()).to.have.length(1);
    });

    it('fails with code 50 if the bridge is another kind of link, and 5 if the folder cannot be made', async () => {
      expect(await details('STATUS', { config: { bridge: 'lo' } })).to.match(/^50 lo is not a bridge; choose another name/);
      const ipam = { type: 'host-local', subnet: '10.1.0.0/24', dataDir: '/dev/null' };
      expect(await details('STATUS', { config: { ipam } })).to.match(/^5 .*ENOTDIR/);
      expect(await details('ADD', { netns: host().container().path, config: { ipam } })).to.match(/^5 .*ENOTDIR/);
    });

    it('fails with code 51 if the bridge of containers is down', async () => {
      resultOf(await host().call('ADD', { netns: host().container().path }));
      host().namespace.ip('link set cni0 down');
      expect(await details('STATUS')).to.equal(
        '51 bridge cni0 is down, so that its containers reach nothing; set it up: ip link set cni0 up',
      );
    });
  });
});
