import { expect } from 'chai';
import { defer, EMPTY, filter, firstValueFrom } from 'rxjs';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { isApplyError, type ApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { failure, one, shown } from '../../support.js';
import { pictureOf } from './picture.js';

/** A table of another program. */
const FOREIGN = 'table ip other { chain c { type filter hook input priority 10; counter accept; }; }';

const documentWith = (port: number, more: Partial<NetworkDocument> = {}): NetworkDocument => ({
  version: 1,
  ...more,
  firewall: {
    tables: [
      {
        family: 'inet',
        name: 'app',
        chains: [
          {
            name: 'in',
            type: 'filter',
            hook: 'input',
            priority: 'filter',
            policy: 'drop',
            rules: [{ comment: 'ssh', when: [{ 'tcp.dport': port }, { 'ip.saddr': '@admins' }], then: ['counter', 'accept'] }],
          },
        ],
        sets: [{ name: 'admins', type: 'ipv4_addr', elements: ['10.0.0.7'] }],
      },
    ],
  },
});

/** A bridge cannot offload chains. The kernel cannot check that before the bridge exists. */
const REFUSED: NetworkDocument = {
  version: 1,
  links: [{ name: 'br1', kind: 'bridge', up: true, addresses: ['10.7.0.1/24'] }],
  firewall: {
    tables: [
      {
        family: 'netdev',
        name: 'app',
        chains: [{ name: 'c', hook: 'ingress', device: 'br1', offload: true }],
      },
    ],
  },
};

describe('the firewall of a document', function () {
  this.timeout(30_000);
  useNamespace();
  usePrograms('nft');
  let namespace: Namespace;
  let net: Network;

  const nft = (...args: readonly string[]): string => namespace.run('nft', ...args);
  const picture = (): unknown => [pictureOf(namespace), nft('list', 'ruleset')];

  beforeEach(() => {
    namespace = createNamespace();
    nft(FOREIGN);
    net = network({ netns: namespace.path });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  it('is made by one document, beside the tables of others', async () => {
    const plan = await one(net.plan(documentWith(22)));
    expect(plan.text.split('\n')).to.deep.equal([
      '+ table inet app',
      '+ set inet app admins: type ipv4_addr',
      '+ chain inet app in: type filter, hook input, priority filter, policy drop',
      '+ element inet app admins: 10.0.0.7',
      '+ rule inet app in: tcp dport 22 ip saddr @admins counter accept',
    ]);
    const { written, left } = await one(net.apply(documentWith(22)));
    expect(written).to.be.greaterThan(0);
    expect(left).to.deep.equal([]);
    expect(nft('list', 'table', 'inet', 'app')).to.equal(
      [
        'table inet app {',
        '\tset admins {',
        '\t\ttype ipv4_addr',
        '\t\telements = { 10.0.0.7 }',
        '\t}',
        '',
        '\tchain in {',
        '\t\ttype filter hook input priority filter; policy drop;',
        '\t\ttcp dport 22 ip saddr @admins counter packets 0 bytes 0 accept comment "ssh"',
        '\t}',
        '}',
        '',
      ].join('\n'),
    );
    expect(nft('list', 'table', 'ip', 'other')).to.contain('counter packets 0 bytes 0 accept');
    const again = await one(net.apply(documentWith(22)));
    expect({ written: again.written, rounds: again.rounds }).to.deep.equal({ written: 0, rounds: 0 });
  });

  it('names what its table has and the document does not list', async () => {
    nft('table ip part { set s { type ipv4_addr; }; counter k { }; chain more { }; }');
    const rule = (chain: string): NetworkDocument => ({
      version: 1,
      firewall: {
        tables: [
          {
            family: 'ip',
            name: 'part',
            owns: 'listed',
            chains: [{ name: 'c', rules: [{ when: [{ 'ip.saddr': '@s' }], then: [{ counter: 'k' }, { jump: chain }] }] }],
          },
        ],
      },
    });
    await one(net.apply(rule('more')));
    expect(nft('list', 'chain', 'ip', 'part', 'c')).to.include('ip saddr @s counter name "k" jump more');
    const error = await failure(net.plan(rule('mroe')), 'unknown-name');
    expect([error.path, error.message]).to.deep.equal([
      'firewall.tables[0].chains[0].rules[0].then[1].jump',
      "cannot plan document: firewall.tables[0].chains[0].rules[0].then[1].jump: the table has no chain 'mroe'",
    ]);
  });

  it('has no difference in the size that the kernel gives to a set which a rule fills', async () => {
    const rules = [{ then: { set: { op: 'add' as const, elem: { payload: { protocol: 'ip', field: 'saddr' } }, set: '@seen' } } }];
    const document: NetworkDocument = {
      version: 1,
      firewall: {
        tables: [
          { family: 'ip', name: 'app', sets: [{ name: 'seen', type: 'ipv4_addr', flags: ['dynamic'] }], chains: [{ name: 'c', rules }] },
        ],
      },
    };
    await one(net.apply(document));
    expect(nft('list', 'set', 'ip', 'app', 'seen')).to.contain('size 65535');
    expect(await one(net.apply(document))).to.include({ written: 0 });
  });

  it('undoes the links if the kernel rejects it', async () => {
    const before = picture();
    const error = await failure(net.apply(REFUSED), 'unsupported');
    if (!isApplyError(error)) throw error;
    expect(error.undone, error.message).to.equal(true);
    expect(error.message).to.match(/^cannot apply document: cannot change firewall: .*; all changes were undone$/);
    expect(picture()).to.deep.equal(before);
  });

  it('is brought back with its old rules if it is not confirmed', async () => {
    await one(net.apply(documentWith(22)));
    const before = picture();
    const links: NetworkDocument['links'] = [{ name: 'br1', kind: 'bridge', up: true }];
    const error = await failure(net.apply(documentWith(2222, { links }), { confirm: { within: '5s', by: EMPTY } }), 'timeout');
    if (!isApplyError(error)) throw error;
    expect(error.done.map(({ text }) => text)).to.include('+ link br1');
    expect(error.undone, error.message).to.equal(true);
    expect(picture()).to.deep.equal(before);
  });

  it('keeps what other programs add to a table before it is undone', async () => {
    const declared = { name: 'blocked', type: 'ipv4_addr' };
    nft('table inet app { set blocked { type ipv4_addr; }; }');
    const document: NetworkDocument = {
      version: 1,
      firewall: { tables: [{ family: 'inet', name: 'app', owns: 'listed', sets: [declared], chains: [{ name: 'more' }] }] },
    };
    const others = defer(() => {
      nft('add chain inet app theirs { type filter hook input priority 5; }');
      nft('add element inet app blocked { 192.0.2.9 }');
      return EMPTY;
    });
    const error = await failure(net.apply(document, { confirm: { within: '5s', by: others } }), 'timeout');
    expect((error as ApplyError).undone, error.message).to.equal(true);
    const text = nft('list', 'table', 'inet', 'app');
    expect(text).to.contain('chain theirs').and.to.contain('192.0.2.9').and.not.to.contain('chain more');
  });

  it('is left, and the rest is written, if the document continues on failure', async () => {
    const { left, differences } = await one(net.apply(REFUSED, { onFailure: 'continue' }));
    expect(differences.map(({ text }) => text)).to.include('+ link br1');
    expect(left.map(({ table }) => table)).to.deep.equal(left.map(() => 'firewall'));
    expect(left).not.to.deep.equal([]);
    for (const { error } of left) expect(error?.message).to.match(/^cannot change firewall: .*\(E[A-Z]+\)/);
  });

  it('is kept by reconcile', async () => {
    const events = net.reconcile(documentWith(22));
    const synced: string[] = [];
    const subscription = events.subscribe(({ type }) => synced.push(type));
    try {
      await firstValueFrom(net.reconcile(documentWith(22)).pipe(filter(({ type }) => type === 'in-sync')));
      nft('delete', 'table', 'inet', 'app');
      while (!nft('list', 'ruleset').includes('tcp dport 22')) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(synced).to.include('repaired');
    } finally {
      subscription.unsubscribe();
    }
  });

  it('is exported with tables of others, and makes an equal namespace', async () => {
    await one(net.apply(documentWith(22)));
    const exported = await one(net.export());
    expect(exported.firewall?.tables.map(({ name }) => name).sort()).to.deep.equal(['app', 'other']);
    expect((await one(net.plan(exported))).text).to.equal('');
    expect((await one(net.export({ only: ['links'] }))).firewall).to.equal(undefined);
    const other = createNamespace();
    try {
      const elsewhere = network({ netns: other.path });
      await one(elsewhere.apply(exported));
      elsewhere.close();
      expect(other.run('nft', 'list', 'ruleset')).to.equal(nft('list', 'ruleset'));
    } finally {
      other.delete();
    }
  });

  it('names the place of a value that is not valid, and sends nothing', async () => {
    const { firewall, ...rest } = documentWith(22, { links: [{ name: 'br1', kind: 'bridge' }] });
    const tables = firewall?.tables.map((table) => ({ ...table, family: 'ipv4' }));
    const error = await failure(net.apply({ ...rest, firewall: { tables } } as unknown as NetworkDocument), 'invalid');
    expect(error.path).to.equal('firewall.tables[0].family');
    expect(shown<{ readonly ifname: string }>(namespace, 'ip -j link show').map(({ ifname }) => ifname)).not.to.include('br1');
  });
});
