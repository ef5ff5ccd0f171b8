import { expect } from 'chai';
import type { DocumentLink, NetworkDocument } from '../../../../lib/network/documents/document.js';
import { network, type Network } from '../../../../lib/network/network.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../../support/namespace.js';
import { Unavailable } from '../../../support/unavailable.js';
import { usePrograms } from '../../../support/programs.js';
import { countWrites, one } from '../support.js';
import { namespaceState } from './namespace-state.js';
import { PLANNED_SCENES, SCENES } from './scenes.js';

/** Errors of `ip` and `tc` for a kind that the kernel lacks. */
const MISSING = /Unknown device type|kind is unknown|classifier not found|Operation not supported/;

type State = Readonly<Record<string, readonly string[]>>;

/** Returns the entries of a state that another one lacks. */
function differing(state: State, other: State): State {
  return Object.fromEntries(
    Object.entries(state)
      .map(([line, entries]) => [line, entries.filter((entry) => !other[line]?.includes(entry))] as const)
      .filter(([, entries]) => entries.length > 0),
  );
}

describe('network().export', function () {
  usePrograms('ip', 'bridge', 'tc');
  let namespace: Namespace;
  let net: Network;

  before(function () {
    const error = namespaceError();
    if (error !== undefined) skipBecause(this, error);
  });

  beforeEach(() => {
    namespace = createNamespace();
    net = network({ netns: namespace.path });
  });

  afterEach(() => {
    net.close();
    namespace.delete();
  });

  /** Runs the commands of a scene. Skips the spec if the kernel lacks a kind of links, qdiscs or filters. */
  function play(lines: readonly string[]): void {
    for (const line of lines) {
      const [program, ...args] = line.split(' ');
      try {
        namespace.run(program!, ...args);
      } catch (error) {
        const detail = (error as Error).message;
        throw MISSING.test(detail) ? new Unavailable(`the kernel lacks what \`${line}\` needs`, { detail }) : error;
      }
    }
  }

  for (const [title, lines] of Object.entries({ ...SCENES, ...PLANNED_SCENES }))
    it(`describes ${title} by a document without differences`, async () => {
      play(lines);
      const document = await one(net.export());
      const parsed = JSON.parse(JSON.stringify(document)) as NetworkDocument;
      expect(parsed).to.deep.equal(document);
      expect(await countWrites(async () => expect((await one(net.plan(parsed))).text).to.equal(''))).to.equal(0);
    });

  for (const [title, lines] of Object.entries({ ...SCENES, ...PLANNED_SCENES }))
    it(`makes an empty namespace equal to ${title}`, async function () {
      play(lines);
      const document = await one(net.export());
      const other = createNamespace();
      const copy = network({ netns: other.path });
      try {
        other.ip('link set lo down');
        await one(copy.apply(document));
        const expected = namespaceState(namespace);
        const found = namespaceState(other);
        const [missing, more] = [differing(expected, found), differing(found, expected)];
        expect(more).to.deep.equal(missing);
        expect(await one(copy.export())).to.deep.equal(document);
        expect(await countWrites(() => one(copy.apply(document)))).to.equal(0);
      } finally {
        copy.close();
        other.delete();
      }
    });

  it('omits defaults and what the kernel made', async () => {
    play(SCENES['the host of containers with bridges']!);
    const { links = [], ...others } = await one(net.export());
    // The namespaces of specs create links without link-local addresses.
    const byName = new Map(links.map(({ ipv6: _quiet, ...link }: DocumentLink & { ipv6?: unknown }) => [link.name, link]));
    expect(byName.get('docker0')).to.deep.equal({
      name: 'docker0',
      kind: 'bridge',
      up: true,
      addresses: [{ address: '172.17.0.1/16', broadcast: '172.17.255.255' }],
    });
    expect(byName.get('lo')).to.deep.equal({ name: 'lo', up: true });
    const mac = (name: string): string => (byName.get(name) as { readonly mac: string }).mac;
    expect(byName.get('veth1a2b')).to.deep.equal({
      name: 'veth1a2b',
      up: true,
      mac: mac('veth1a2b'),
      master: 'docker0',
      bridgePort: { hairpin: true },
    });
    expect(byName.get('inner')).to.deep.equal({ name: 'inner', kind: 'veth', mac: mac('inner'), veth: { peer: { name: 'veth1a2b' } } });
    expect(others).to.deep.equal({ version: 1, routes: [{ to: 'default', via: '192.0.2.1', link: 'eth0', protocol: 'boot' }] });
  });

  it('exports only the tables that are named', async () => {
    play(SCENES['a router of systemd-networkd']!);
    expect(Object.keys(await one(net.export({ only: ['rules', 'routes'] })))).to.deep.equal(['version', 'routes', 'rules']);
    const { links = [], ...others } = await one(net.export({ only: ['addresses'] }));
    expect(others).to.deep.equal({ version: 1 });
    // Linux before 5.18 has no protocols of addresses.
    const hasProtocols = namespace.ip('addr show dev wan0').includes(' proto ');
    expect(links.find(({ name }) => name === 'wan0')).to.deep.equal({
      name: 'wan0',
      addresses: [
        { address: '198.51.100.2/30', metric: 100, ...(hasProtocols && { protocol: 4 }) },
        { address: '198.51.100.6/30', label: 'wan0:2' },
      ],
    });
    expect(() => net.export({ only: ['link'] as never })).to.throw(TypeError, 'option only');
  });

  it('exports the objects of the protocol that the document owns', async () => {
    play([...SCENES['a router of systemd-networkd']!, 'ip route add 10.40.0.0/16 via 192.168.1.9 proto 99']);
    const owns = { protocol: 99 };
    const document = await one(net.export({ owns }));
    expect(document).to.deep.include({ owns, routes: [{ to: '10.40.0.0/16', via: '192.168.1.9', link: 'lan0' }], rules: [], nexthops: [] });
    expect((await one(net.plan(document))).text).to.equal('');
    namespace.ip('route add 10.41.0.0/16 via 192.168.1.9 proto 99');
    expect((await one(net.plan(document))).text).to.equal('- route 10.41.0.0/16 via 192.168.1.9 dev lan0');
  });
});
