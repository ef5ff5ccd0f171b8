import { expect } from 'chai';
import { isApplyError } from '../../../../lib/network/documents/apply/apply-error.js';
import type { DocumentLink, NetworkDocument } from '../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../support/namespace.js';
import { one, onSend, shown } from '../support.js';
import { refusingTransport, type RefusingTransport } from './apply/refusing.js';

const [RTM_NEWLINK, RTM_GETLINK, RTM_GETADDR] = [16, 18, 22];

describe('network().apply, requests', function () {
  this.timeout(60_000);
  useNamespace();
  let namespace: Namespace;
  let others: ReadonlySet<string>;
  let kernel: RefusingTransport;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    // Modules such as ip_gre make links in each new namespace.
    others = new Set(linkNames());
    kernel = refusingTransport();
    net = network({ netns: namespace.path, transport: kernel.transport });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  const bridges = (count: number): DocumentLink[] =>
    Array.from({ length: count }, (_, index) => ({ name: `d${index}`, kind: 'bridge', up: true }));
  const document = (links: readonly DocumentLink[]): NetworkDocument => ({ version: 1, links });
  const linkNames = (): readonly string[] => shown<{ readonly ifname: string }>(namespace, 'ip -j link').map(({ ifname }) => ifname);
  const names = (): readonly string[] => linkNames().filter((name) => !others.has(name));

  /** Runs work and returns the types of the requests of rtnetlink that it sends. */
  async function sentBy(work: () => Promise<unknown>): Promise<readonly number[]> {
    const types: number[] = [];
    const end = onSend(({ type }) => void types.push(type));
    await work().finally(end);
    return types;
  }

  it('creates links that need one request in shared datagrams, in the order of the document', async () => {
    let datagrams = 0;
    kernel.onWrite = () => {
      datagrams++;
    };
    const links = bridges(40);
    const sent = await sentBy(() => one(net.apply(document(links))));
    expect(names()).to.deep.equal(links.map(({ name }) => name));
    expect(datagrams).to.be.at.most(4);
    expect(sent.filter((type) => type === RTM_NEWLINK)).to.have.length(40);
    // Names are not read again between the datagrams.
    const writes = sent.slice(sent.indexOf(RTM_NEWLINK), sent.lastIndexOf(RTM_NEWLINK));
    expect(writes).to.not.include(RTM_GETLINK);
  });

  it('creates links that name others behind these', async () => {
    await one(
      net.apply(
        document([
          { name: 'm0', kind: 'macvlan', parent: 'v0', macvlan: { mode: 'private' } },
          { name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } } },
          { name: 'v2', kind: 'veth', veth: { peer: { name: 'v3' } }, master: 'b0' },
          { name: 'b0', kind: 'bridge' },
          { name: 's0', kind: 'bridge', ipv4: { forwarding: true } },
        ]),
      ),
    );
    const found = shown<{ readonly ifname: string; readonly link?: string; readonly master?: string }>(namespace, 'ip -j link');
    const link = (name: string) => found.find(({ ifname }) => ifname === name);
    expect([link('m0')?.link, link('v2')?.master]).to.deep.equal(['v0', 'b0']);
    expect(namespace.run('cat', '/proc/sys/net/ipv4/conf/s0/forwarding').trim()).to.equal('1');
  });

  it('names the link of a datagram that the kernel rejects, and deletes the others', async () => {
    kernel.refuse((write) => write === 5);
    const error = await one(net.apply(document(bridges(12)))).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!isApplyError(error)) throw error;
    expect({ path: error.path, undone: error.undone, left: names() }).to.deep.equal({ path: 'links[5]', undone: true, left: [] });
  });

  it('keeps a link that another program creates meanwhile, and creates the rest', async () => {
    kernel.onWrite = () => {
      kernel.onWrite = undefined;
      namespace.ip('link add d3 type bridge');
    };
    const links = bridges(6);
    await one(net.apply(document(links)));
    expect([...names()].sort()).to.deep.equal(links.map(({ name }) => name));
  });

  it('waits only for addresses that the kernel tests for duplicates', async () => {
    const withAddress = (noDad: boolean, name: string): NetworkDocument =>
      document([{ name, kind: 'bridge', up: true, addresses: [{ address: 'fd00::1/64', noDad }] }]);
    const reads = async (noDad: boolean, name: string): Promise<number> => {
      const sent = await sentBy(() => one(net.apply(withAddress(noDad, name))));
      return sent.slice(sent.lastIndexOf(RTM_NEWLINK)).filter((type) => type === RTM_GETADDR).length;
    };
    expect({ tested: await reads(false, 'd0'), untested: await reads(true, 'd1') }).to.deep.equal({ tested: 2, untested: 1 });
  });
});
