import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { once } from 'node:events';
import { lastValueFrom, tap } from 'rxjs';
import { nftables } from '../../../../../lib/families/nftables.js';
import type { FirewallChain } from '../../../../../lib/network/firewall/index.js';
import type { NetworkDocument } from '../../../../../lib/network/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { requirePrograms, usePrograms } from '../../../../support/programs.js';
import { until } from '../../../../support/sockets.js';
import { skipBecause } from '../../../../support/unavailable.js';
import { countWrites, failure, one } from '../../support.js';
import { isApplyError } from '../../../../../lib/network/documents/apply/apply-error.js';
import { pictureOf } from '../apply/picture.js';
import { refusingTransport } from '../apply/refusing.js';

/** The configuration of the running kernel. */
const CONFIG = '/proc/config.gz';

const LINK = { name: 'br1', kind: 'bridge' } as const;

const documentWith = (chains: readonly FirewallChain[], more: Partial<NetworkDocument> = {}): NetworkDocument => ({
  version: 1,
  ...more,
  firewall: { tables: [{ family: 'inet', name: 'app', chains }] },
});

/** A base chain, and chains of which each jumps to the next one: as many levels as their number and one. */
const levels = (count: number): readonly FirewallChain[] => [
  ...Array.from({ length: count }, (_, index) => ({ name: `c${index}`, rules: [{ then: { jump: `c${index + 1}` } }] })),
  { name: `c${count}` },
  { name: 'base', hook: 'input', rules: [{ then: { jump: 'c0' } }] },
];

/** Firewalls that the kernel rejects: the path, the reason and the text. */
const CASES: readonly (readonly [title: string, chains: readonly FirewallChain[], path: string, reason: string, text: RegExp])[] = [
  [
    'a jump to a chain that jumps back',
    [
      { name: 'a', rules: [{ then: { jump: 'b' } }] },
      { name: 'b', rules: [{ then: 'counter' }, { then: { jump: 'a' } }] },
      { name: 'in', hook: 'input', rules: [{ then: { jump: 'a' } }] },
    ],
    'chains[1].rules[1].then.jump',
    'invalid',
    /chain 'a' leads back to itself by jumps/,
  ],
  ['more than 15 levels of jumps', levels(15), 'chains[16].rules[0].then.jump', 'invalid', /at most 15 levels/],
  [
    'a statement that its chain does not allow',
    [
      { name: 'm', rules: [{ then: 'masquerade' }] },
      { name: 'in', hook: 'input', rules: [{ then: { jump: 'm' } }] },
    ],
    'chains[0].rules[0].then',
    'invalid',
    /masquerade needs a chain of type nat with the hook postrouting/,
  ],
];

describe('the plan of a firewall', function () {
  this.timeout(30_000);
  useNamespace();
  usePrograms('nft');
  let namespace: Namespace;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    namespace.run('nft', 'table inet app { chain other { counter; }; }');
    net = network({ netns: namespace.path });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  /** Everything in the namespace, and the number of transactions that were committed. */
  const picture = async (): Promise<unknown> => {
    const client = nftables({ netns: namespace.path });
    const { id } = await lastValueFrom(client.do('getgen'));
    client.close();
    return [pictureOf(namespace), namespace.run('nft', '-a', 'list', 'ruleset'), id];
  };

  for (const [title, chains, path, reason, text] of CASES)
    it(`refuses ${title}, with its path, before anything is written`, async () => {
      const before = await picture();
      for (const verb of ['plan', 'apply'] as const) {
        const writes = await countWrites(async () => {
          const error = await failure(net[verb](documentWith(chains, { links: [LINK] })), reason as 'invalid');
          expect(error.path).to.equal(`firewall.tables[0].${path}`);
          expect(error.message)
            .to.match(text)
            .and.to.match(new RegExp(`^cannot ${verb} document: firewall\\.tables\\[0\\]`));
        });
        expect(writes).to.equal(0);
        expect(await picture()).to.deep.equal(before);
      }
    });

  it('refuses a statement that the kernel lacks', async function () {
    if (!existsSync(CONFIG)) skipBecause(this, `there is no ${CONFIG}`);
    if (gunzipSync(readFileSync(CONFIG)).toString().includes('\nCONFIG_NFT_QUEUE=')) skipBecause(this, 'this kernel has CONFIG_NFT_QUEUE');
    const before = await picture();
    const chains = [{ name: 'c', rules: [{ then: 'accept' as const }, { then: [{ queue: { num: 1 } }] }] }];
    const text = "this kernel may lack expression 'queue': try `modprobe nft_queue` (CONFIG_NFT_QUEUE)";
    const planned = await failure(net.plan(documentWith(chains)), 'missing');
    const applied = await failure(net.apply(documentWith(chains, { links: [LINK] })), 'missing');
    for (const error of [planned, applied]) {
      expect(error.path).to.equal('firewall.tables[0].chains[0].rules[1]');
      expect(error.message).to.contain(text);
    }
    expect(isApplyError(applied) && { undone: applied.undone, left: applied.left, done: applied.done }).to.deep.equal({
      ...{ undone: true, left: [], done: [] },
    });
    expect(await picture()).to.deep.equal(before);
  });

  it('refuses a jump cycle through a chain that the document does not list', async () => {
    namespace.run('nft', 'add chain inet app mine; add rule inet app other jump mine');
    const before = await picture();
    const chains: readonly FirewallChain[] = [
      { name: 'mine', rules: [{ then: 'accept' }, { then: { jump: 'other' } }] },
      { name: 'in', hook: 'input', rules: [{ then: { goto: 'mine' } }] },
    ];
    const document: NetworkDocument = {
      version: 1,
      firewall: { tables: [{ family: 'inet', name: 'app', owns: 'listed', chains }] },
    };
    const error = await failure(net.plan(document), 'invalid');
    expect(error.path).to.equal('firewall.tables[0].chains[1].rules[0]');
    // The second code is that before Linux 5.12.
    expect(error.message).to.match(
      /: jumps are nested too deeply, or lead in a circle \(EMLINK\)$|: jumps lead in a circle, or to a base chain \(ELOOP\)$/,
    );
    expect(await picture()).to.deep.equal(before);
  });

  it('refuses a jump cycle in a namespace that the document creates', async () => {
    const [, chains] = CASES[0]!;
    const before = await picture();
    const name = `rxnl-${process.pid}-new`;
    const error = await failure(net.plan({ version: 1, namespaces: { [name]: documentWith(chains) } }), 'invalid');
    expect(error.path).to.equal(`namespaces.${name}.firewall.tables[0].chains[1].rules[1].then.jump`);
    expect(await picture()).to.deep.equal(before);
  });

  it('accepts tables of one family in a namespace that the document creates, with chains of the same names', async () => {
    const before = await picture();
    const chains = [{ name: 'prerouting', hook: 'prerouting' as const }];
    const sets = (type: string) => [{ name: 's', type }];
    const tables = [
      { family: 'inet' as const, name: 'filter', chains, sets: sets('ipv4_addr') },
      { family: 'inet' as const, name: 'nat', chains: [{ ...chains[0]!, type: 'nat' as const }], sets: sets('inet_service') },
    ];
    const name = `rxnl-${process.pid}-new`;
    await one(net.plan({ version: 1, namespaces: { [name]: { version: 1, firewall: { tables } } } }));
    expect(await picture()).to.deep.equal(before);
  });

  it('lets no packet see a table that the document wakes up', async () => {
    requirePrograms('ping');
    namespace.run('nft', 'table inet asleep { flags dormant; chain i { type filter hook input priority 0; policy drop; counter drop; }; }');
    namespace.batch(['link set lo up']);
    const document: NetworkDocument = {
      version: 1,
      firewall: {
        tables: [{ family: 'inet', name: 'asleep', chains: [{ name: 'i', hook: 'input', policy: 'drop', rules: [{ then: 'drop' }] }] }],
      },
    };
    const ping = namespace.start('ping', '-f', '-q', '127.0.0.1');
    let printed = '';
    ping.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    const [lo] = JSON.parse(namespace.ip('-j -s link show lo')) as [{ stats64: { rx: { packets: number } } }];
    const isRunning = (): boolean => {
      const [now] = JSON.parse(namespace.ip('-j -s link show lo')) as [typeof lo];
      return now.stats64.rx.packets >= lo.stats64.rx.packets + 100;
    };
    await until('the packets of ping', isRunning, 20_000);
    for (let count = 0; count < 100; count++) expect((await one(net.plan(document))).text).to.contain('~ table inet asleep');
    const closed = once(ping, 'close');
    ping.kill('SIGINT');
    await closed;
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(printed)!.map(Number);
    // The signal may come between the last packet and its answer.
    expect(sent! - received!, printed).to.be.within(0, 1);
  });

  it('starts nothing if it is aborted during the check', async () => {
    const before = await picture();
    const kernel = refusingTransport();
    using own = network({ netns: namespace.path, transport: kernel.transport });
    const controller = new AbortController();
    kernel.onWrite = () => controller.abort();
    const events: string[] = [];
    const run = own.applyWithProgress(documentWith([{ name: 'c' }], { links: [LINK] }), { signal: controller.signal });
    const error: unknown = await lastValueFrom(run.pipe(tap(({ type }) => events.push(type)))).catch((reason: unknown) => reason);
    expect(error).to.have.property('reason', 'cancelled');
    expect(events).to.deep.equal([]);
    expect(await picture()).to.deep.equal(before);
  });

  it('accepts 15 levels of jumps', async () => {
    const before = await picture();
    await one(net.plan(documentWith(levels(14))));
    expect(await picture()).to.deep.equal(before);
    await one(net.apply(documentWith(levels(14))));
  });

  it('accepts chains on links that the same document creates', async () => {
    const before = await picture();
    const hooks = { type: 'filter', hook: 'ingress', priority: 0, rules: [{ then: 'accept' }] } as const;
    const chains: readonly FirewallChain[] = [
      { name: 'one', ...hooks, device: 'br1' },
      { name: 'two', ...hooks, devices: ['br1', 'lo'] },
    ];
    const document = documentWith(chains, { links: [LINK] });
    expect((await one(net.plan(document))).text)
      .to.contain('+ link br1')
      .and.to.contain('+ chain inet app two');
    expect(await picture()).to.deep.equal(before);
    await one(net.apply(document));
    expect(namespace.run('nft', 'list', 'ruleset')).to.match(/devices? = .*br1/);
  });
});
