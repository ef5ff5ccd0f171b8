import { rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { createNamespace, type Namespace } from '../../../../support/namespace.js';
import { Unavailable } from '../../../../support/unavailable.js';
import { countWrites, failure, one } from '../../support.js';
import { useScene } from '../support.js';

describe('network().plan: namespaces', () => {
  const scene = useScene();
  const missing = `rxnl-${process.pid}-missing`;
  let other: Namespace;

  beforeEach(() => {
    other = createNamespace();
    if (other.name === undefined) throw new Unavailable('names of network namespaces');
  });
  afterEach(() => other.delete());

  /** A pair and a macvlan between the namespace of the network and another one. */
  const documentOf = (name: string): NetworkDocument => ({
    version: 1,
    links: [
      { name: 'v0', kind: 'veth', veth: { peer: { name: 'eth0', netns: name } }, up: true },
      { name: 'm0', kind: 'macvlan', parent: 'v0', netns: name },
    ],
    namespaces: {
      [name]: {
        version: 1,
        links: [
          { name: 'eth0', up: true, addresses: ['10.1.0.9/24'] },
          { name: 'lo', up: true },
          { name: 'm0', up: true },
        ],
        routes: [{ to: 'default', via: '10.1.0.1' }],
      },
    },
  });

  it('plans a namespace that does not exist, with the links that other documents make in it', async () => {
    const writes = await countWrites(async () => {
      expect((await one(scene().net.plan(documentOf(missing)))).text.split('\n')).to.deep.equal([
        `+ namespace ${missing}`,
        '+ link v0',
        `+ link m0 [${missing}]`,
        ...['+ link eth0', '+ link lo', '+ link m0', '+ address 10.1.0.9/24 on eth0', '+ route default via 10.1.0.1'].map(
          (line) => `${line} [${missing}]`,
        ),
      ]);
    });
    expect(writes).to.equal(0);
  });

  it('compares the links of a namespace that exists', async () => {
    const name = other.name!;
    scene().namespace.batch([`link add v0 type veth peer name eth0 netns ${name}`, 'link set v0 up']);
    scene().namespace.batch([`link add link v0 name m0 netns ${name} type macvlan`]);
    other.batch(['link set eth0 up', 'link set m0 up', 'addr add 10.1.0.9/24 dev eth0', 'route add default via 10.1.0.1 proto static']);
    expect((await one(scene().net.plan(documentOf(name)))).text).to.equal('');
    other.batch(['link set eth0 mtu 1400', 'addr add 10.2.0.9/24 dev eth0']);
    const document = documentOf(name);
    const plan = await one(scene().net.plan({ ...document, namespaces: { [name]: { ...document.namespaces![name]!, routes: [] } } }));
    expect(plan.differences.map(({ text, netns }) => [text, netns])).to.deep.equal([[`- address 10.2.0.9/24 on eth0 [${name}]`, name]]);
  });

  it('creates a pair again whose peer is in another namespace than the one that the document creates', async () => {
    // So it is for a moment after the deletion of a namespace: the kernel deletes its links later.
    scene().namespace.batch([`link add v0 type veth peer name eth0 netns ${other.name}`]);
    const { links, namespaces } = documentOf(missing);
    const document = { version: 1, links: links!.slice(0, 1), namespaces } as const;
    const lines = (await one(scene().net.plan({ ...document, namespaces: { [missing]: { version: 1 } } }))).text.split('\n');
    expect(lines[0]).to.equal(`+ namespace ${missing}`);
    expect(lines[1]).to.match(
      new RegExp(`^~ link v0: .*veth.peer.netns another namespace \\(netnsid 0\\) -> ${missing}.* \\(deleted and created again\\)$`),
    );
  });

  it('names a network namespace that neither exists nor is listed', async () => {
    const { links } = documentOf(missing);
    const pathOf = async (document: object): Promise<string | undefined> =>
      (await failure(scene().net.plan({ version: 1, ...document }), 'missing')).path;
    expect(await pathOf({ links: [{ name: 'd0', kind: 'ifb' }, links![0]] })).to.equal('links[1].veth.peer.netns');
    expect(await pathOf({ links: [{ name: 'v0', kind: 'ifb' }, links![1]] })).to.equal('links[1].netns');
    const inner = { [other.name!]: { version: 1, links: [links![0]] } };
    expect(await pathOf({ namespaces: inner })).to.equal(`namespaces.${other.name}.links[0].veth.peer.netns`);
    scene().namespace.batch([`link add v0 type veth peer name eth0 netns ${other.name}`]);
    expect(await pathOf({ links: [links![0]] })).to.equal('links[0].veth.peer.netns');
  });

  it('names the file without a namespace that has the name of one to create', async () => {
    const file = `/run/netns/${missing}`;
    writeFileSync(file, '');
    try {
      const document = { version: 1, namespaces: { [missing]: { version: 1 } } } as const;
      const error = await failure(scene().net.plan(document), 'conflict');
      expect([error.path, error.message]).to.deep.equal([
        `namespaces.${missing}`,
        `cannot plan document: namespaces.${missing}: ${file} is a file without a namespace; delete it`,
      ]);
      const applied: unknown = await one(scene().net.apply(document)).catch((reason: unknown) => reason);
      expect((applied as Error).message).to.include(`${file} is a file without a namespace; delete it`);
    } finally {
      rmSync(file);
    }
  });

  it('deletes a namespace whose document is null, if it exists', async () => {
    const plan = await one(scene().net.plan({ version: 1, namespaces: { [other.name!]: null, [missing]: null } }));
    expect(plan.text).to.equal(`- namespace ${other.name}`);
  });

  it('names the place in the document of a namespace', async () => {
    const error = await failure(
      scene().net.plan({ version: 1, namespaces: { [other.name!]: { version: 1, links: [{ name: 'v7', up: true }] } } }),
      'missing',
    );
    expect(error.path).to.equal(`namespaces.${other.name}.links[0].kind`);
  });
});
