import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { network } from 'rxnetlink/network';
import { runPlugin } from '../../../examples/cni/plugin.js';
import { configuration, environment } from './support.js';

/** Runs a command that fails before it sends a request. */
const run = async (variables: Record<string, string | undefined>, input: unknown): Promise<Record<string, unknown>> => {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const { output } = await lastValueFrom(runPlugin(variables, text, network({ netns: '/nowhere' })));
  return output as Record<string, unknown>;
};

const valid = configuration('/nowhere');
const ipam = valid['ipam'] as object;

/** The codes are those of the specification: 1 version, 2 field, 4 environment, 6 decoding, 7 configuration. */
describe('examples/cni: input', () => {
  describe('of the environment', () => {
    const add = { ...environment('ADD', { netns: '/run/netns/web' }) };
    const cases: [string, Record<string, string | undefined>, RegExp][] = [
      ['no command', { CNI_COMMAND: undefined }, /^CNI_COMMAND is not set; expected one of ADD, DEL, CHECK, GC, STATUS, VERSION/],
      ['an unknown command', { CNI_COMMAND: 'add' }, /^CNI_COMMAND is 'add'; expected one of ADD/],
      ['no container', { CNI_CONTAINERID: undefined }, /^CNI_CONTAINERID is not set/],
      ['a container that is a path', { CNI_CONTAINERID: '../web' }, /^CNI_CONTAINERID is '..\/web'; expected a letter or digit/],
      ['no interface', { CNI_IFNAME: '' }, /^CNI_IFNAME is not set/],
      ['an interface with a slash', { CNI_IFNAME: 'a/b' }, /^CNI_IFNAME is 'a\/b'/],
      ['an interface with 16 characters', { CNI_IFNAME: 'abcdefghijklmnop' }, /1 to 15 bytes/],
      ['an interface with 16 bytes', { CNI_IFNAME: 'ääääääää' }, /1 to 15 bytes/],
      ['an interface named ..', { CNI_IFNAME: '..' }, /^CNI_IFNAME is '..'/],
      ['no namespace', { CNI_NETNS: undefined }, /^CNI_NETNS is not set; expected the path/],
      ['a namespace without a path', { CNI_NETNS: 'web' }, /^CNI_NETNS is 'web'; expected the path/],
    ];
    for (const [title, variables, details] of cases) {
      it(`rejects ${title} with code 4`, async () => {
        const output = await run({ ...add, ...variables }, valid);
        expect(output).to.include({ cniVersion: '1.1.0', code: 4 });
        expect(output['msg']).to.match(/^invalid environment variable CNI_[A-Z]+$/);
        expect(output['details']).to.match(details);
      });
    }
  });

  describe('of the configuration', () => {
    const withIpam = (part: object) => ({ ...valid, ipam: { ...ipam, ...part } });
    const cases: [string, unknown, number, RegExp][] = [
      ['nothing', '', 6, /JSON/],
      ['half of it', JSON.stringify(valid).slice(0, 40), 6, /JSON/],
      ['a list', [], 6, /JSON object/],
      ['no version', { ...valid, cniVersion: undefined }, 1, /^cniVersion is ''; ADD needs one of 1.0.0, 1.1.0/],
      ['an older version', { ...valid, cniVersion: '0.4.0' }, 1, /^cniVersion is '0.4.0'/],
      ['no name', { ...valid, name: undefined }, 7, /^name is missing; expected a letter/],
      ['a name that is a path', { ...valid, name: '../x' }, 7, /^name is "..\/x"/],
      ['a bridge that is a number', { ...valid, bridge: 7 }, 7, /^bridge is 7; expected the name of a link/],
      ['an MTU of 67', { ...valid, mtu: 67 }, 7, /^mtu is 67; expected an integer from 68 to 65535/],
      ['a text for a flag', { ...valid, ipMasq: 'yes' }, 7, /^ipMasq is "yes"; expected true or false/],
      ['a misspelt key', { ...valid, isGatway: true }, 2, /^isGatway is true; remove it, .* bridge, isGateway/],
      ['a key of another plugin', { ...valid, vlan: 7 }, 2, /^vlan is 7; remove it/],
      ['no ipam', { ...valid, ipam: undefined }, 7, /^ipam is missing/],
      ['another ipam', withIpam({ type: 'dhcp' }), 2, /^ipam.type is 'dhcp'; .* use host-local/],
      ['ranges', withIpam({ ranges: [] }), 2, /^ipam.ranges is \[\]; remove it/],
      ['no subnet', withIpam({ subnet: undefined }), 7, /^ipam.subnet is missing/],
      [
        'a subnet with host bits',
        withIpam({ subnet: '10.1.0.1/24' }),
        7,
        /^ipam.subnet is "10.1.0.1\/24"; .* without bits behind the prefix/,
      ],
      ['a subnet of IPv6', withIpam({ subnet: 'fd00::/64' }), 7, /an IPv4 subnet/],
      ['a subnet of two addresses', withIpam({ subnet: '10.1.0.0/31' }), 7, /a prefix of 30 or less/],
      ['a range outside', withIpam({ rangeStart: '10.2.0.1' }), 7, /^ipam.rangeStart is "10.2.0.1"; .* a host in 10.1.0.0\/24/],
      [
        'a range that ends first',
        withIpam({ rangeStart: '10.1.0.9', rangeEnd: '10.1.0.8' }),
        7,
        /^ipam.rangeEnd .* from rangeStart, 10.1.0.9/,
      ],
      ['the broadcast address as gateway', withIpam({ gateway: '10.1.0.255' }), 7, /^ipam.gateway/],
      ['a route without a prefix', withIpam({ routes: [{ dst: '10.0.0.0' }] }), 7, /^ipam.routes\[0\].dst is "10.0.0.0"/],
      ['a route with a metric', withIpam({ routes: [{ dst: '10.0.0.0/8', priority: 5 }] }), 2, /^ipam.routes\[0\].priority is 5/],
      ['a result that is not an object', { ...valid, prevResult: [] }, 7, /^prevResult is \[\]; expected an object/],
    ];
    for (const [title, input, code, details] of cases) {
      it(`rejects ${title} with code ${code}`, async () => {
        const output = await run(environment('ADD', { netns: '/run/netns/web' }), input);
        expect(output['code']).to.equal(code);
        expect(output['details']).to.match(details);
      });
    }

    it('rejects GC and STATUS of version 1.0.0, which has neither', async () => {
      for (const command of ['GC', 'STATUS']) {
        const output = await run(environment(command, {}), { ...valid, cniVersion: '1.0.0' });
        expect(output).to.include({ cniVersion: '1.0.0', code: 1 });
        expect(output['details']).to.equal(`cniVersion is '1.0.0'; ${command} needs one of 1.1.0: change it in the network configuration`);
      }
    });

    it('rejects GC without a list of attachments, and with a wrong one', async () => {
      const key = 'cni.dev/valid-attachments';
      expect((await run(environment('GC', {}), valid))['details']).to.match(/valid-attachments is missing; it must list/);
      for (const wrong of [['web'], [{ containerID: 'web' }], { containerID: 'web', ifname: 'eth0' }])
        expect(await run(environment('GC', {}), { ...valid, [key]: wrong })).to.include({ code: 7 });
    });

    it('rejects CHECK without the result of ADD', async () => {
      const output = await run(environment('CHECK', { netns: '/run/netns/web' }), valid);
      expect(output).to.include({ code: 7 });
      expect(output['details']).to.match(/^prevResult is missing; CHECK needs the result of ADD/);
    });
  });

  it('answers VERSION, in the version of the input', async () => {
    for (const cniVersion of ['1.1.0', '1.0.0', '0.4.0']) {
      const supportedVersions = ['1.0.0', '1.1.0'];
      expect(await run({ CNI_COMMAND: 'VERSION' }, { cniVersion })).to.deep.equal({ cniVersion, supportedVersions });
    }
  });
});
