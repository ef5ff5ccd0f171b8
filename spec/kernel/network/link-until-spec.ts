import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { network, type Network } from '../../../lib/network/network.js';
import { useNamespace } from '../../support/namespace.js';
import { failure, one } from './support.js';

describe('network().links.until', () => {
  const namespace = useNamespace();
  let net: Network;
  before(() => {
    net = network({ netns: namespace().path });
  });
  after(() => net.close());
  afterEach(() => void namespace().run('sh', '-c', 'ip link del w0 2>/dev/null || true'));

  it('emits a link with its addresses once it appears, comes up and has an address', async () => {
    const waiting = lastValueFrom(net.links.until('w0', { up: true, carrier: true, address: 'global', settled: true, timeout: '5s' }));
    namespace().ip('link add w0 type veth peer name w1');
    namespace().ip('addr add 10.9.0.1/24 dev w0');
    namespace().batch(['link set w0 up', 'link set w1 up']);
    const link = await waiting;
    expect(link).to.include({ name: 'w0', up: true, carrier: true });
    expect(link?.addresses.map(({ address }) => address)).to.include('10.9.0.1/24');
  });

  it('emits at once if the conditions are met, by an alternative name too', async () => {
    namespace().batch(['link add w0 type ifb', 'link property add dev w0 altname w0-alternative-name']);
    expect(await one(net.links.until('w0-alternative-name', { up: false }))).to.include({ name: 'w0' });
    expect(await one(net.links.until('nope', { absent: true }))).to.equal(undefined);
  });

  it('emits undefined when the link disappears', async () => {
    namespace().ip('link add w0 type ifb');
    const waiting = lastValueFrom(net.links.until('w0', { absent: true, timeout: '5s' }));
    namespace().ip('link del w0');
    expect(await waiting).to.equal(undefined);
  });

  it('signals the condition that is not met in time', async () => {
    expect((await failure(net.links.until('w0', { up: true, timeout: 500 }), 'timeout')).message).to.include(
      'it does not exist after 0.5 s',
    );
    namespace().batch(['link add w0 type ifb', 'link set w0 up']);
    const address = await failure(net.links.until('w0', { address: '10.0.0.1', timeout: 1000 }), 'timeout');
    expect(address.message).to.include('no address 10.0.0.1');
    await failure(net.links.until('w0', { absent: true, up: true }), 'invalid');
  });

  it('ends with the reason of a signal', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const waiting = lastValueFrom(net.links.until('w0', { up: true }, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 20);
    expect(await waiting.catch((error: unknown) => error)).to.equal(reason);
    expect(() => net.links.until('w0', { up: true }, { timeout: '1s' } as never)).to.throw(TypeError, "unknown option 'timeout'");
  });
});
