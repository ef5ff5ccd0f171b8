import { expect } from 'chai';
import type { DocumentLink } from '../../../../../lib/network/documents/document.js';
import { failure } from '../../support.js';
import { useScene } from '../support.js';

const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'] as const;

describe('network().plan: links', () => {
  const scene = useScene();
  const plan = (links: readonly DocumentLink[]) => scene().net.plan({ version: 1, links });

  /** Makes two pairs of links whose MAC addresses are those of the table above. */
  function makePairs(): void {
    scene().namespace.batch([
      `link add v0 address ${MACS[0]} type veth peer name v1 address ${MACS[1]}`,
      `link add v2 address ${MACS[2]} type veth peer name v3`,
    ]);
  }

  it('renames links that a match selects, with their addresses and routes', async () => {
    makePairs();
    scene().namespace.batch([
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'route add 10.9.0.0/16 dev v0 proto static',
    ]);
    const document = {
      links: [{ name: 'wan', match: { mac: MACS[0] }, mtu: 1400, addresses: ['10.1.0.1/24', '10.1.0.2/24'] }],
      routes: [{ to: '10.9.0.0/16', link: 'wan' }],
    };
    expect(await scene().lines(document)).to.deep.equal([
      '~ link v0: name v0 -> wan',
      '~ link wan: mtu 1500 -> 1400',
      '+ address 10.1.0.2/24 on wan',
    ]);
  });

  it('exchanges names', async () => {
    makePairs();
    expect(
      await scene().lines({
        links: [
          { name: 'v1', match: { mac: MACS[0] } },
          { name: 'v2', match: { mac: MACS[1] } },
          { name: 'v0', match: { mac: MACS[2] } },
        ],
      }),
    ).to.deep.equal(['~ link v0: name v0 -> v1', '~ link v2: name v2 -> v0', '~ link v1: name v1 -> v2']);
  });

  it('rejects a new name that a link keeps, and a match that selects no link or several', async () => {
    makePairs();
    const taken = await failure(plan([{ name: 'v3', match: { mac: MACS[0] } }]), 'conflict');
    expect([taken.path, taken.message]).to.deep.equal([
      'links[0].name',
      'cannot plan document: links[0].name: another link has the name v3; give that link another one in the document',
    ]);
    const none = await failure(plan([{ name: 'v0', match: { mac: '02:00:00:00:00:77' } }]), 'missing');
    expect(none.path).to.equal('links[0].match');
    const several = await failure(plan([{ name: 'v0', match: { kind: 'veth' } }]), 'ambiguous');
    expect(several.message).to.match(
      /^cannot plan document: links\[0\]\.match: selects 4 links: v\d, v\d, v\d, v\d; add a property to it$/,
    );
    const both = await failure(
      plan([
        { name: 'v0', match: { mac: MACS[0] } },
        { name: 'x0', match: { mac: MACS[0], kind: 'veth' } },
      ]),
      'ambiguous',
    );
    expect(both.path).to.equal('links[1]');
  });

  it('finds a link by an alternative name, and keeps its name', async () => {
    makePairs();
    scene().namespace.ip('link property add dev v0 altname an-alternative-name');
    expect(await scene().lines({ links: [{ name: 'an-alternative-name', mtu: 1400, addresses: ['10.1.0.1/24'] }] })).to.deep.equal([
      '~ link v0: mtu 1500 -> 1400',
      '+ address 10.1.0.1/24 on v0',
    ]);
  });

  it('creates links anew whose properties the kernel cannot change, with the links and addresses on them', async () => {
    makePairs();
    scene().namespace.batch(['link add m0 link v0 type macvlan mode bridge', 'addr add 10.1.0.1/24 dev m0', 'addr add 10.1.0.2/24 dev m0']);
    const links: readonly DocumentLink[] = [{ name: 'm0', kind: 'macvlan', parent: 'v2', addresses: ['10.1.0.1/24'] }];
    expect(await scene().lines({ links })).to.deep.equal([
      '~ link m0: parent v0 -> v2 (deleted and created again)',
      '+ address 10.1.0.1/24 on m0',
      '! 1 address goes with link m0 (10.1.0.2/24 on m0)',
    ]);
  });

  it('deletes links that are absent or of an owned group, never others', async () => {
    makePairs();
    scene().namespace.batch(['link set v2 group 42', 'link add br0 type bridge', 'link set br0 group 42']);
    expect(
      await scene().lines({
        links: [
          { name: 'v0', absent: true },
          { name: 'x9', absent: true },
        ],
      }),
    ).to.deep.equal(['- link v0', '! 1 link goes with link v0 (v1)']);
    expect(await scene().lines({ links: [{ name: 'v2', up: false }], owns: { links: { group: 42 } } })).to.deep.equal(['- link br0']);
    expect(await scene().lines({ links: [{ name: 'v3', up: false }], owns: { links: { group: 42 } } })).to.deep.equal(['- link br0']);
    const fallback = await failure(plan([{ name: 'lo', absent: true }]), 'unsupported');
    expect(fallback.path).to.equal('links[0]');
  });

  it('rejects a link that goes with another one that the document deletes', async () => {
    makePairs();
    const error = await failure(
      plan([
        { name: 'v0', absent: true },
        { name: 'v1', up: true },
      ]),
      'conflict',
    );
    expect(error.path).to.equal('links[1]');
  });

  it('orders new links behind the links that they need', async () => {
    makePairs();
    const lines = await scene().lines({
      links: [
        { name: 'm0', kind: 'macvlan', parent: 'v0', up: true, master: 'br0' },
        { name: 'v0', up: true },
        { name: 'br0', kind: 'bridge', up: true },
      ],
    });
    expect(lines).to.deep.equal(['+ link br0', '~ link v0: up false -> true', '+ link m0']);
  });
});
