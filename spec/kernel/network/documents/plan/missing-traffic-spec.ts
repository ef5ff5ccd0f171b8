import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/index.js';
import { isNetworkError } from '../../../../../lib/network/index.js';
import { network, type Network } from '../../../../../lib/network/network.js';
import { createNamespace, skipBecause, useNamespace, type Namespace } from '../../../../support/namespace.js';
import { usePrograms } from '../../../../support/programs.js';
import { failure, one, onSend, type Sent } from '../../support.js';

/** RTM_NEWQDISC */
const NEW_QDISC = 36;

/** RTM_NEWACTION */
const NEW_ACTION = 48;

/** The kinds of filters, each with what `tc` needs. */
const FILTERS: readonly { readonly kind: string; readonly tc: string }[] = [
  { kind: 'basic', tc: 'action pass' },
  { kind: 'bpf', tc: 'bytecode "1,6 0 0 0"' },
  { kind: 'cgroup', tc: '' },
  { kind: 'flow', tc: 'hash keys src' },
  { kind: 'flower', tc: '' },
  { kind: 'fw', tc: 'classid 1:1' },
  { kind: 'matchall', tc: '' },
  { kind: 'route', tc: 'from 1' },
  { kind: 'u32', tc: 'match u32 0 0' },
];

const shaped = (kind: string): NetworkDocument => ({ version: 1, links: [{ name: 'v0', qdisc: { kind } }] });

/** A document with filters of one action each. */
const acting = (...actions: { readonly kind: string }[]): NetworkDocument => ({
  version: 1,
  links: [{ name: 'v0', clsact: { ingress: actions.map((action, index) => ({ kind: 'u32', priority: index + 1, actions: [action] })) } }],
});

/** Every kind of actions of Linux 6.12, with what the library needs. */
const ACTIONS: readonly { readonly kind: string }[] = [
  { kind: 'gact', then: 'drop' },
  { kind: 'mirred', link: 'v1' },
  { kind: 'police', rate: '1mbit', burst: '10kib' },
  { kind: 'vlan', mode: 'pop' },
  ...[
    'bpf',
    'connmark',
    'csum',
    'ct',
    'ctinfo',
    'gate',
    'ife',
    'mpls',
    'nat',
    'pedit',
    'sample',
    'simple',
    'skbedit',
    'skbmod',
    'tunnel_key',
  ].map((kind) => ({ kind })),
] as readonly { readonly kind: string }[];

/** Skips a spec in other user namespaces: there the kernel rejects every request for an action alone (EPERM), and a plan ignores that. */
function needsFirstUserNamespace(context: Mocha.Context): void {
  const isFirst = /^ *0 +0 +4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8'));
  if (!isFirst) skipBecause(context, 'in this user namespace the kernel does not answer requests for actions');
}

describe('the plan of kinds of qdiscs, filters and actions', () => {
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

  /** Runs a function and returns how many requests of a type were sent meanwhile. */
  async function sent(asked: number, run: () => Promise<unknown>): Promise<number> {
    const requests: Sent[] = [];
    const end = onSend((request) => requests.push(request));
    await run().finally(end);
    return requests.filter(({ type }) => type === asked).length;
  }

  for (const [where, path, given, what = 'qdiscs'] of [
    ['of an action', 'links[0].clsact.ingress[0].actions[0]', acting({ kind: 'rxnl_none' }), 'actions'],
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
    it(`names a kind ${where} that the kernel lacks, and changes nothing`, async function () {
      if (what === 'actions') needsFirstUserNamespace(this);
      const before = rows();
      for (const verb of ['plan', 'apply'] as const) {
        const error = await failure(net[verb](given), 'unsupported');
        expect(error.path).to.equal(path);
        expect(error.message).to.contain(`this kernel has no ${what} of kind 'rxnl_none'`);
        expect(rows()).to.equal(before);
      }
    });

  for (const [kind, what, meant] of [
    ['fq_codle', 'qdiscs', 'fq_codel'],
    ['hbt', 'qdiscs', 'htb'],
    ['mirrd', 'actions', 'mirred'],
    ['rxnl_none', 'qdiscs', undefined],
  ] as const)
    it(`${meant === undefined ? 'suggests no kind' : `suggests ${meant}`} for ${kind}`, async function () {
      if (what === 'actions') needsFirstUserNamespace(this);
      const error = await failure(net.plan(what === 'actions' ? acting({ kind }) : shaped(kind)), 'unsupported');
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      const module = `${what === 'actions' ? 'act' : 'sch'}_${kind}`;
      expect(error.message.replace(/^.*: /, '')).to.equal(`this kernel has no ${what} of kind '${kind}', and no module ${module}${hint}`);
    });

  it('names each kind of filters that the kernel lacks, as tc finds out by trying, before anything is written', async function () {
    namespace.run('tc', 'qdisc', 'add', 'dev', 'v1', 'clsact');
    const before = rows();
    const found: Record<string, boolean> = {};
    const expected: Record<string, boolean> = {};
    for (const { kind } of FILTERS) {
      const document = { version: 1, links: [{ name: 'v0', clsact: { ingress: [{ kind, priority: 1 }] } }] } as unknown as NetworkDocument;
      const error = await one(net.plan(document)).catch((reason: unknown) => reason);
      found[kind] = !isNetworkError(error, 'unsupported');
      if (!isNetworkError(error, 'unsupported')) continue;
      expect(error.path).to.equal('links[0].clsact.ingress[0].kind');
      expect(error.message).to.contain(`this kernel has no filters of kind '${kind}', and no module cls_${kind}`);
    }
    expect(rows()).to.equal(before);
    for (const { kind, tc } of FILTERS) {
      const add = `tc filter add dev v1 ingress protocol all prio 1 ${kind} ${tc}`;
      expected[kind] = !namespace.run('sh', '-c', `${add} 2>&1 || true; tc filter del dev v1 ingress`).includes('classifier not found');
    }
    expect(found).to.deep.equal(expected);
  });

  it('asks once for each kind that no link has, and changes nothing', async () => {
    namespace.run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'pfifo');
    const before = rows();
    expect(await sent(NEW_QDISC, () => one(net.plan(shaped('htb'))))).to.equal(1);
    expect(await sent(NEW_QDISC, () => one(net.plan(shaped('pfifo'))))).to.equal(0);
    expect(await sent(NEW_QDISC, () => one(net.plan({ version: 1, links: [{ name: 'v0', up: true }] })))).to.equal(0);
    expect(rows()).to.equal(before);
    namespace.run('tc', 'qdisc', 'del', 'dev', 'lo', 'root');
    const plain = rows();
    await one(net.plan(shaped('htb')));
    expect(rows()).to.equal(plain);
  });

  it('asks once for each kind of actions, and not for one that a filter has', async function () {
    needsFirstUserNamespace(this);
    const before = rows();
    const redirect = { kind: 'mirred', link: 'v1' };
    if ((await one(net.plan(acting(redirect))).catch((error: unknown) => isNetworkError(error, 'unsupported'))) === true)
      skipBecause(this, 'this kernel has no actions of kind mirred');
    expect(await sent(NEW_ACTION, () => one(net.plan(acting(redirect, redirect))))).to.equal(1);
    expect(rows()).to.equal(before);
    await one(net.apply(acting(redirect)));
    expect(await sent(NEW_ACTION, () => one(net.plan(acting(redirect, redirect))))).to.equal(0);
  });

  it('makes no action of a kind that the kernel has', async function () {
    needsFirstUserNamespace(this);
    const there: string[] = [];
    for (const action of ACTIONS) {
      const missing = await one(net.plan(acting(action))).then(
        () => false,
        (error: unknown) => isNetworkError(error, 'unsupported') || Promise.reject(error as Error),
      );
      if (missing) continue;
      there.push(action.kind);
      expect(namespace.run('tc', 'actions', 'list', 'action', action.kind).trim(), action.kind).to.match(/^(total acts 0)?$/);
    }
    if (there.length === 0) skipBecause(this, 'this kernel has no actions');
  });

  it('asks nothing if the queue of the loopback link has no length, which the kernel would change', async () => {
    namespace.ip('link set lo txqueuelen 0');
    const before = rows();
    expect(await sent(NEW_QDISC, () => one(net.plan(shaped('htb'))))).to.equal(0);
    expect(rows()).to.equal(before);
  });
});
