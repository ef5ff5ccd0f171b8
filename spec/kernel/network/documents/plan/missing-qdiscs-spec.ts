import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { failure, one, onSend, type Sent } from '../../support.js';

/** RTM_NEWQDISC */
const NEW_QDISC = 36;

const shaped = (kind: string): NetworkDocument => ({ version: 1, links: [{ name: 'v0', qdisc: { kind } }] });

describe('the plan of a qdisc', () => {
  useNamespace();
  usePrograms('tc');
  let namespace: Namespace;
  let net: Network;

  beforeEach(() => {
    namespace = createNamespace();
    namespace.ip('link add v0 type veth peer name v1');
    net = network({ netns: namespace.path });
  });
  afterEach(() => {
    net.close();
    namespace.delete();
  });

  const rows = (): string => `${namespace.run('tc', '-j', 'qdisc')}${namespace.run('ip', '-j', 'link')}`;

  /** Runs a function and returns the requests of qdiscs that were sent meanwhile. */
  async function sent(run: () => Promise<unknown>): Promise<number> {
    const requests: Sent[] = [];
    const end = onSend((request) => requests.push(request));
    await run().finally(end);
    return requests.filter(({ type }) => type === NEW_QDISC).length;
  }

  for (const [where, path, given] of [
    ['of a link', 'links[0].qdisc.kind', shaped('rxnl_none')],
    [
      'in a class',
      'links[0].qdisc.classes[0].qdisc.kind',
      {
        version: 1,
        links: [
          {
            name: 'v0',
            qdisc: {
              kind: 'htb',
              handle: '1:',
              classes: [{ handle: '1:1', kind: 'htb', htb: { rate: '1mbit' }, qdisc: { kind: 'rxnl_none' } }],
            },
          },
        ],
      },
    ],
    [
      'in a namespace that the document creates',
      `namespaces.rxnl-${process.pid}-new.links[0].qdisc.kind`,
      {
        version: 1,
        namespaces: {
          [`rxnl-${process.pid}-new`]: { version: 1, links: [{ name: 'b0', kind: 'bridge', qdisc: { kind: 'rxnl_none' } }] },
        },
      },
    ],
  ] as const)
    it(`names a kind ${where} that the kernel lacks, and changes nothing`, async () => {
      const before = rows();
      for (const verb of ['plan', 'apply'] as const) {
        const error = await failure(net[verb](given), 'unsupported');
        expect(error.path).to.equal(path);
        expect(error.message).to.contain("this kernel has no qdiscs of kind 'rxnl_none'");
        expect(rows()).to.equal(before);
      }
    });

  it('asks once for each kind that no link has, and changes nothing', async () => {
    namespace.run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'pfifo');
    const before = rows();
    expect(await sent(() => one(net.plan(shaped('htb'))))).to.equal(1);
    expect(await sent(() => one(net.plan(shaped('pfifo'))))).to.equal(0);
    expect(await sent(() => one(net.plan({ version: 1, links: [{ name: 'v0', up: true }] })))).to.equal(0);
    expect(rows()).to.equal(before);
    namespace.run('tc', 'qdisc', 'del', 'dev', 'lo', 'root');
    const plain = rows();
    await one(net.plan(shaped('htb')));
    expect(rows()).to.equal(plain);
  });

  it('asks nothing if the queue of the loopback link has no length, which the kernel would change', async () => {
    namespace.ip('link set lo txqueuelen 0');
    const before = rows();
    expect(await sent(() => one(net.plan(shaped('htb'))))).to.equal(0);
    expect(rows()).to.equal(before);
  });
});
