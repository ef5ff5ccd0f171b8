import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import { useNamespace } from '../../../support/namespace.js';
import { failure, one, onSend } from '../support.js';

/** RTM_GETLINK and RTM_GETADDR. */
const [LINKS, ADDRESSES] = [18, 22];

describe('network().links with parts', () => {
  const namespace = useNamespace();
  let net: Network;
  let sent: string[];
  /** Called before each request for addresses, in the middle of a join. */
  let meanwhile: (count: number) => void;
  let end: () => void;

  beforeEach(() => {
    net = network({ netns: namespace().path });
    sent = [];
    meanwhile = () => undefined;
    end = onSend(({ type, isDump }) => {
      if (type === ADDRESSES) meanwhile(sent.filter((name) => name === 'addresses').length);
      // Linux 5.10 has the settings of IPv6 only in a second dump, with counters.
      if (type === LINKS && isDump && sent.at(-1) !== 'links') sent.push('links');
      if (type === ADDRESSES) sent.push('addresses');
    });
    namespace().batch(['link add w0 type ifb', 'addr add 10.0.0.1/24 dev w0', 'link add w1 type ifb']);
  });
  afterEach(() => {
    end();
    net.close();
    for (const name of ['w0', 'w1', 'w2']) namespace().run('sh', '-c', `ip link del ${name} 2>/dev/null || true`);
  });

  it('are read again when a link is deleted between the readings', async () => {
    meanwhile = (count) => {
      if (count === 0) namespace().ip('link del w0');
    };
    const links = await one(net.links.list({ kind: 'ifb', with: 'addresses' }));
    expect(links.map(({ name, addresses }) => [name, addresses.length])).to.deep.equal([['w1', 0]]);
    expect(sent).to.deep.equal(['links', 'addresses', 'links', 'addresses']);
  });

  it('are read again when a link gets another name and an address between the readings', async () => {
    meanwhile = (count) => {
      if (count === 0) namespace().batch(['link set w0 name w2', 'addr add 10.0.1.1/24 dev w2']);
    };
    const link = await one(net.links.get('w1', { with: 'addresses' }));
    expect([link.name, sent.length]).to.deep.equal(['w1', 1]);
    namespace().batch(['addr del 10.0.1.1/24 dev w2', 'link set w2 name w0']);
    sent = [];
    const links = await one(net.links.list({ kind: 'ifb', with: 'addresses' }));
    expect(links.flatMap(({ name, addresses }) => addresses.map(({ link: own, address }) => `${name} ${own} ${address}`))).to.deep.equal([
      'w2 w2 10.0.0.1/24',
      'w2 w2 10.0.1.1/24',
    ]);
    expect(sent).to.deep.equal(['links', 'addresses', 'links', 'addresses']);
  });

  it('of one link are read again only when that link changes', async () => {
    meanwhile = (count) => {
      if (count === 0) namespace().ip('link set w1 up');
      if (count === 1) namespace().ip('link set w0 up');
    };
    await one(net.links.get('w0', { with: 'addresses' }));
    expect(sent).to.deep.equal(['addresses']);
    expect((await one(net.links.get('w0', { with: 'addresses' }))).up).to.equal(true);
    expect(sent).to.deep.equal(['addresses', 'addresses', 'addresses']);
  });

  it('are emitted although links never cease to change', async () => {
    meanwhile = (count) => void namespace().ip(`link set w1 ${count % 2 === 0 ? 'up' : 'down'}`);
    expect((await one(net.links.list({ kind: 'ifb', with: 'addresses' }))).map(({ name }) => name)).to.deep.equal(['w0', 'w1']);
    expect(sent.filter((name) => name === 'addresses')).to.have.length(5);
  });

  it('are read again after an overrun of the event socket', async () => {
    net.close();
    net = network({ netns: namespace().path, receiveBufferSize: 16_384 });
    meanwhile = (count) => {
      if (count === 0) namespace().batch(Array.from({ length: 200 }, (_, index) => `link set w1 mtu ${1300 + index}`));
    };
    const links = await one(net.links.list({ kind: 'ifb', with: 'addresses' }));
    expect(links.map(({ name, mtu }) => [name, mtu])).to.deep.equal([
      ['w0', 1500],
      ['w1', 1499],
    ]);
    expect(sent.filter((name) => name === 'addresses')).to.have.length(2);
  });

  it('are not read for a link that does not exist', async () => {
    expect(await one(net.links.find('nope', { with: 'addresses' }))).to.equal(undefined);
    await failure(net.links.get('nope', { with: 'addresses' }), 'missing');
    // The list of links is for the suggestion in the error.
    expect(sent).to.deep.equal(['links']);
  });
});
