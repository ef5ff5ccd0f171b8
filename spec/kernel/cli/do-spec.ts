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
