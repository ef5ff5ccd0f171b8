import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { isKernelError } from '../../../lib/errors/index.js';
import { nftablesSchema } from '../../../lib/families/nftables.js';
import { rtAddrSchema } from '../../../lib/families/rt-addr.js';
import { rtLinkSchema } from '../../../lib/families/rt-link.js';
import { rtRouteSchema } from '../../../lib/families/rt-route.js';
import { isNetworkError, network, parseDocument } from '../../../lib/network/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel, fakeNetwork } from '../../../lib/testing/index.js';

function messageOf(document: object): string {
  try {
    parseDocument({ version: 1, ...document });
  } catch (error) {
    if (isNetworkError(error, 'invalid')) return error.message.replace(/^cannot parse document: /, '');
    throw error;
  }
  return expect.fail('the document is valid');
}

/** Wrong properties of documents, and the hints. */
const HINTS: readonly (readonly [document: object, message: string])[] = [
  [{ links: [{ name: 'v0', adresses: ['10.0.0.1/8'] }] }, 'links[0].adresses: unknown property; did you mean addresses?'],
  [{ links: [{ name: 'v0', neighbors: [] }] }, 'links[0].neighbors: unknown property; did you mean neighbours?'],
  [{ links: [{ name: 'v0', qdsic: {} }] }, 'links[0].qdsic: unknown property; did you mean qdisc?'],
  [{ links: [{ name: 'v0', absnt: true }] }, 'links[0].absnt: unknown property; did you mean absent?'],
  [{ links: [{ name: 'b0', kind: 'bridge', brigde: {} }] }, 'links[0].brigde: unknown property; did you mean bridge?'],
  [{ links: [{ name: 'b0', kind: 'bridge', stp: true }] }, 'links[0].stp: unknown property; did you mean bridge.stp?'],
  [{ links: [{ name: 'v0', address: '10.0.0.1/8' }] }, 'links[0].address: unknown property; did you mean addresses or mac?'],
  [{ links: [{ name: 'v0', operstate: 'UP' }] }, 'links[0].operstate: unknown property; only the kernel sets the state; write up: true'],
  [
    { links: [{ name: 'b0', kind: 'brigde', bridge: {} }] },
    "links[0].bridge: is not a property of a link of kind 'brigde'; did you mean kind: 'bridge'?",
  ],
  [
    { links: [{ name: 'v0', qdisc: { kind: 'fq_codle', fq_codel: { limit: 100 } } }] },
    "links[0].qdisc.fq_codel: is not a property of a qdisc of kind 'fq_codle'; did you mean kind: 'fq_codel'?",
  ],
  [
    { links: [{ name: 'v0', qdisc: { kind: 'htb', handle: '1:', classes: [{ handle: '1:1', kind: 'hbt', htb: { rate: '1mbit' } }] } }] },
    "links[0].qdisc.classes[0].htb: is not a property of a class of kind 'hbt'; did you mean kind: 'htb'?",
  ],
  [{ links: [{ name: 'v0', qdisc: { kind: 'htb', htb: {}, fq: {} } }] }, "links[0].qdisc.fq: is not a property of a qdisc of kind 'htb'"],
  ...(
    [
      ['flowr', 'flower'],
      ['flowe', 'flower'],
      ['flo', 'flow'],
      ['matchal', 'matchall'],
      ['u23', 'u32'],
    ] as const
  ).map(
    ([kind, meant]) =>
      [
        { links: [{ name: 'v0', clsact: { ingress: [{ kind, priority: 1, match: {}, actions: ['drop'] }] } }] },
        `links[0].clsact.ingress[0].kind: '${kind}' is not known; did you mean ${meant}?`,
      ] as const,
  ),
  [
    { links: [{ name: 'v0', qdisc: { kind: 'htb', handle: '1:', filters: [{ kind: 'fq_codel', priority: 1 }] } }] },
    "links[0].qdisc.filters[0].kind: 'fq_codel' is a kind of qdisc, not of filter",
  ],
  [{ routes: [{ to: 'default', takeover: true }] }, 'routes[0].takeover: unknown property; did you mean takeOver?'],
  [{ rules: [{ priority: 5, absnet: true }] }, 'rules[0].absnet: unknown property; did you mean absent?'],
];

describe('hints of documents', () => {
  for (const [document, message] of HINTS)
    it(message, () => {
      expect(messageOf(document)).to.equal(message);
    });

  it('list the properties of a document, and not the kinds', () => {
    const [, listed = ''] = /^links\[0\]\.zzzzzzzz: unknown property; there are (.*)$/.exec(
      messageOf({ links: [{ name: 'v0', zzzzzzzz: 1 }] }),
    )!;
    const names = listed.split(', ');
    expect(names).to.include.members([
      'name',
      'up',
      'kind',
      'addresses',
      'neighbours',
      'fdb',
      'qdisc',
      'clsact',
      'match',
      'absent',
      'netns',
    ]);
    expect(names).not.to.include.oneOf(['bridge', 'vxlan', 'dummy']);
  });

  it('name the part that needs a capability', async () => {
    const [link, address, route] = [
      fakeFamily(rtLinkSchema, { dump: { getlink: () => [] } }),
      fakeFamily(rtAddrSchema, { dump: { getaddr: () => [] } }),
      fakeFamily(rtRouteSchema, { dump: { getroute: () => [] } }),
    ];
    const firewall = fakeFamily(nftablesSchema, { do: { getgen: () => errorReply('EPERM') } });
    using net = network({ transport: fakeKernel(fakeFamilies(link, address, route, firewall)) });
    const plan = firstValueFrom(net.plan({ version: 1, firewall: { tables: [{ family: 'ip', name: 't' }] } }));
    const error: unknown = await plan.catch((reason: unknown) => reason);
    if (!isNetworkError(error, 'denied')) throw error;
    expect(error).to.include({ path: 'firewall', code: 'EPERM', errno: -1 });
    expect(isKernelError(error.cause, 'EPERM')).to.equal(true);
    expect(error.message).to.equal('cannot plan document: firewall: reading it needs CAP_NET_ADMIN in its namespace (EPERM)');
  });

  it('state how a link that is not there is created', async () => {
    const net = network(fakeNetwork().options);
    try {
      const plan = firstValueFrom(net.plan({ version: 1, links: [{ name: 'zz', up: true }] }));
      const error: unknown = await plan.catch((reason: unknown) => reason);
      if (!isNetworkError(error, 'missing')) throw error;
      expect(error.message).to.equal(
        "cannot plan document: links[0].kind: no link is named 'zz'; add kind (such as 'bridge') to create it, or correct the name",
      );
    } finally {
      net.close();
    }
  });
});
