import { expect } from 'chai';
import { runCli } from '../../cli/run-cli.js';
import { useNamespace } from '../../support/namespace.js';

describe('rxnetlink do', () => {
  const namespace = useNamespace();
  const run = (...words: readonly string[]) => runCli('do', ...words, '--netns', namespace().path);

  it('creates an object with --create, and fails with --exclusive if it exists', async () => {
    const words = ['rt-link', 'newlink', 'ifname=br7', 'linkinfo.kind=bridge'];
    expect((await run(...words)).code).to.equal(1);
    expect(await run(...words, '--create', '--exclusive')).to.deep.equal({ code: 0, out: '', err: '' });
    expect(namespace().ip('-br link show br7')).to.include('br7');
    const { code, err } = await run(...words, '--create', '--exclusive');
    expect(code).to.equal(1);
    expect(err).to.match(/^rxnetlink: .*br7.*EEXIST|^rxnetlink: .*EEXIST.*br7/);
  });

  /** Words of `ip` and `ethtool`, and the attributes that they mean: IFLA_IFNAME, IFLA_INFO_KIND, IFLA_ADDRESS, NDA_LLADDR, RTA_DST, RTA_PRIORITY. */
  const WORDS = [
    ['rt-link getlink name=lo', 'getlink: .name: did you mean ifname?'],
    ['rt-link getlink dev=lo', 'getlink: .dev: did you mean ifname?'],
    ['rt-link getlink {"interface":"lo"}', 'getlink: .interface: did you mean ifname?'],
    ['rt-link getlink ifnmae=lo', 'getlink: .ifnmae: did you mean ifname?'],
    ['rt-link newlink ifname=v0 type=veth', 'newlink: .type: did you mean linkinfo.kind?'],
    ['rt-link setlink ifname=lo mac=02:00:00:00:00:01', 'setlink: .mac: did you mean address?'],
    ['rt-addr newaddr ifaFamily=2 dev=lo', 'newaddr: .dev: did you mean ifaIndex?'],
    ['rt-neigh newneigh mac=02:00:00:00:00:01', 'newneigh: .mac: did you mean lladdr?'],
    ['rt-route newroute to=192.0.2.0', 'newroute: .to: did you mean dst?'],
    ['rt-route newroute metric=5', 'newroute: .metric: did you mean priority?'],
    ['ethtool linkinfo-get dev=lo', 'linkinfo-get: .dev: did you mean header.devName?'],
  ] as const;
  for (const [line, text] of WORDS)
    it(`names the attribute that a word means: ${line}`, async () => {
      expect(await run(...line.split(' '))).to.deep.equal({ code: 1, out: '', err: `rxnetlink: EENCODE ${text}\n` });
    });

  it('names no attribute for a word that the operation has none for', async () => {
    const { code, err } = await run('rt-route', 'getroute', 'name=lo');
    expect({ code, err }).to.deep.equal({ code: 1, err: 'rxnetlink: EENCODE getroute: .name: there is no such property\n' });
  });

  it('replaces and appends routes', async () => {
    namespace().batch(['link set lo up']);
    const route = [
      'rt-route',
      'newroute',
      'rtmFamily=2',
      'rtmDstLen=24',
      'dst=192.0.2.0',
      'rtmTable=254',
      'rtmProtocol=4',
      'rtmType=1',
      'rtmScope=253',
      'oif=1',
    ];
    expect(await run(...route, '--create')).to.deep.equal({ code: 0, out: '', err: '' });
    expect(await run(...route, 'prefsrc=127.0.0.1', '--replace')).to.deep.equal({ code: 0, out: '', err: '' });
    expect(namespace().ip('route show 192.0.2.0/24').trim()).to.equal('192.0.2.0/24 dev lo proto static scope link src 127.0.0.1');
    expect(await run(...route, 'prefsrc=127.0.0.2', '--create', '--append')).to.deep.equal({ code: 0, out: '', err: '' });
    expect(namespace().ip('route show 192.0.2.0/24').trim().split('\n')).to.have.length(2);
  });
});
