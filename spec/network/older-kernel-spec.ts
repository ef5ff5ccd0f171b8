import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import type { GetnexthopReply } from '../../lib/families/rt-route.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { rtRuleSchema } from '../../lib/families/rt-rule.js';
import { KernelError } from '../../lib/errors/index.js';
import { tcSchema } from '../../lib/families/tc.js';
import { isNetworkError, network, type NetworkReason } from '../../lib/network/index.js';
import { translateError } from '../../lib/network/common/translate-error.js';
import { explainLinkError } from '../../lib/network/links/kinds/link-errors.js';
import { LinkNames } from '../../lib/network/names/link-names.js';
import { explainNexthopError } from '../../lib/network/nexthops/nexthop-errors.js';
import { nexthopOf } from '../../lib/network/nexthops/nexthop-rows.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

/** A rule as a kernel returns it that knows no flow labels. */
const RULE = { family: 10, priority: 9, table: 254, protocol: 3, action: 'to-tbl' };

describe('a setting that an older kernel ignores', () => {
  it('is an error, and the new object is deleted again', async () => {
    const rules = fakeFamily(rtRuleSchema, {
      do: { newrule: () => RULE as never, delrule: () => undefined },
      dump: { getrule: () => [] },
    });
    const kernel = fakeKernel(fakeFamilies(rules));
    using net = network({ transport: kernel });
    const error: unknown = await firstValueFrom(net.rules.add({ priority: 9, family: 6, flowLabel: 18 })).catch(
      (reason: unknown) => reason,
    );
    if (!isNetworkError(error)) throw error;
    expect(error.reason).to.equal('unsupported');
    expect(error.path).to.equal('flowLabel');
    expect(error.message).to.equal('cannot add rule 9 (IPv6) lookup main: this kernel ignored flowLabel 18; the rule was deleted again');
    expect(rules.requests(kernel).map(({ op }) => op)).to.deep.equal(['newrule', 'delrule']);
  });
});

describe('errors of an older kernel', () => {
  const translated = (verb: string, errno: number, extendedAck: object, explain: typeof explainLinkError) => {
    const error = new KernelError({ errno, operation: 'newlink', extendedAck });
    const result = translateError(error, { verb, subject: () => 'it', missing: [], explain });
    if (!isNetworkError(result)) throw new Error('not translated');
    return [result.reason, result.message] as const;
  };

  // Errno and text are those of Linux 5.10 (net/core/dev.c, net/ipv4/nexthop.c, lib/nlattr.c).
  const CASES: readonly (readonly [string, number, object, typeof explainLinkError, NetworkReason, string])[] = [
    ['rename', -16, {}, explainLinkError, 'busy', 'this kernel renames a link only while it is down; set it down first (EBUSY)'],
    ['move', -22, {}, explainLinkError, 'unsupported', 'this kernel does not move the link to another network namespace (EINVAL)'],
    [
      'add',
      -22,
      { message: 'Reserved fields in nexthop_grp must be 0' },
      explainNexthopError,
      'unsupported',
      'this kernel accepts weights up to 255 (EINVAL)',
    ],
    [
      'add',
      -22,
      { message: 'Invalid value for weight' },
      explainNexthopError,
      'unsupported',
      'this kernel accepts weights up to 255 (EINVAL)',
    ],
    [
      'add',
      -22,
      { message: 'Unknown attribute type', attributePath: '.resGroup' },
      explainNexthopError,
      'unsupported',
      'this kernel does not know the attribute resGroup (EINVAL)',
    ],
  ];
  for (const [verb, errno, extendedAck, explain, reason, text] of CASES)
    it(`signal for ${JSON.stringify(extendedAck)}: ${text}`, () => {
      expect(translated(verb, errno, extendedAck, explain)).to.deep.equal([reason, `cannot ${verb} it: ${text}`]);
    });
});

describe('a group of nexthops of an older kernel', () => {
  const row = (fields: object): GetnexthopReply => ({
    ...{ nhFamily: 0, nhScope: 0, nhProtocol: 0, nhFlags: 0, id: 7, groupType: 0 },
    group: [{ id: 1, weight: 2, weightHigh: 0xab, resvd2: 0xcdef }],
    ...fields,
  });
  const weight = (fields: object): number | undefined =>
    nexthopOf(row(fields), new LinkNames([]), { protocols: { nameOf: String } as never }).group?.[0]?.weight;

  it('has weights without the bytes that the kernel did not clear', () => {
    expect(weight({})).to.equal(3);
    // NHA_OP_FLAG_RESP_GRP_RESVD_0: BIT(31).
    expect(weight({ opFlags: 2 ** 31 })).to.equal(0xab * 256 + 3);
  });
});

describe('a link of an older kernel', () => {
  it('has its IPv6 settings, which the kernel omits together with the counters', async () => {
    // Linux 5.10, RTEXT_FILTER_SKIP_STATS (inet6_fill_ifla6_attrs, net/ipv6/addrconf.c).
    const row = (extMask = 0): object => ({
      ...{ ifiFamily: 0, ifiType: 1, ifiIndex: 2, ifiFlags: 0, ifiChange: 0, ifname: 'w0' },
      afSpec: { inet6: extMask === 8 ? { flags: 0 } : { flags: 0, addrGenMode: 1 } },
    });
    const links = fakeFamily(rtLinkSchema, {
      do: { getlink: ({ extMask }) => row(extMask) as never },
      dump: { getlink: ({ extMask }) => [row(extMask) as never] },
    });
    using net = network({ transport: fakeKernel(fakeFamilies(links)) });
    expect((await firstValueFrom(net.links.get('w0'))).ipv6).to.deep.equal({ addressGeneration: 'none' });
    expect((await firstValueFrom(net.links.list()))[0]!.ipv6).to.deep.equal({ addressGeneration: 'none' });
  });
});

describe('a kernel without a kind of qdiscs', () => {
  const failure = async (kind: string): Promise<string> => {
    const message = 'Specified qdisc kind is unknown';
    const links = fakeFamily(rtLinkSchema, { do: { getlink: () => ({ ifiIndex: 2, ifname: 'eth0' }) } });
    const qdiscs = fakeFamily(tcSchema, { do: { newqdisc: () => errorReply('ENOENT', { message }) } });
    using net = network({ transport: fakeKernel(fakeFamilies(links, qdiscs)) });
    const error: unknown = await firstValueFrom(net.qdiscs.add({ link: 'eth0', parent: 'root', handle: '1:', kind })).catch(
      (reason: unknown) => reason,
    );
    return isNetworkError(error, 'unsupported') ? error.message : String(error);
  };
  const text = 'cannot add qdisc root on eth0: kind: the kernel has no qdisc of kind';

  it('is reported with the module to load', async () => {
    expect(await failure('netem')).to.equal(`${text} 'netem'; try \`modprobe sch_netem\` (CONFIG_NET_SCH_NETEM)`);
    expect(await failure('nosuchkind')).to.equal(`${text} 'nosuchkind'; try \`modprobe net-sch-nosuchkind\``);
  });

  it('is reported with a similar kind if the kind is misspelt', async () => {
    expect(await failure('nettem')).to.equal(`${text} 'nettem'; did you mean netem?`);
  });
});
