import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { FamilyClient } from '../../lib/client/index.js';
import { KernelError, stringify, type ErrnoName } from '../../lib/index.js';
import { nftablesSchema } from '../../lib/families/generated/nftables.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { rtNeighSchema } from '../../lib/families/generated/rt-neigh.js';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { tcSchema } from '../../lib/families/generated/tc.js';
import { propertiesOf } from '../../lib/schema/descriptor/pick.js';
import { indexSchema } from '../../lib/schema/descriptor/schema-index.js';
import { shapeOf } from '../../lib/schema/descriptor/message-shape.js';
import type { FamilySchema } from '../../lib/schema/index.js';
import { errorReply, fakeKernel } from '../../lib/testing/index.js';
import { loadSchemas } from '../codegen/generated.js';

/** `NFNL_MSG_BATCH_BEGIN`: the only message that the kernel answers if the sender lacks CAP_NET_ADMIN. */
const BATCH_BEGIN = 16;

const families = await loadSchemas();

/** Returns the error of an operation if the kernel rejects every message with this errno. */
async function rejection(schema: FamilySchema, op: string, request: object, errno: ErrnoName, message?: string): Promise<KernelError> {
  const begin = schema.transaction === undefined ? undefined : BATCH_BEGIN;
  const reply = errorReply(errno, message === undefined ? {} : { message });
  const transport = fakeKernel(({ type }) => (begin === undefined || type === begin ? reply : undefined));
  const client = new FamilyClient(schema, { transport });
  try {
    await lastValueFrom(client.do(op as never, request as never), { defaultValue: undefined });
  } catch (error) {
    return error as KernelError;
  } finally {
    client.close();
  }
  throw new Error('accepted');
}

describe('KernelError.object', () => {
  it('refers to existing operations and properties, and covers every family with common writes', () => {
    let count = 0;
    for (const schema of families) {
      for (const { operations, words } of schema.objects ?? []) {
        expect(operations, schema.source).to.not.be.empty;
        const propertiesByOperation = operations.map((operation) => {
          const own = schema.operations.find(({ name }) => name === operation)!;
          return propertiesOf(indexSchema(schema), shapeOf(own, own.do === undefined ? 'dump' : 'do'));
        });
        for (const [index, [, ...names]] of words.entries()) {
          const roots = names.map((name) => name.split('.')[0]!);
          const title = `${schema.source} ${operations.join(' ')}: ${names.join(' ')}`;
          for (const root of roots) expect(propertiesByOperation.flat(), title).to.include(root);
          // What follows the object itself may be missing in some of the requests.
          if (index > 0 || roots.length === 0) continue;
          for (const properties of propertiesByOperation)
            expect(
              properties.filter((property) => roots.includes(property)),
              title,
            ).to.not.be.empty;
        }
        count += operations.length;
      }
    }
    expect(count).to.be.greaterThan(60);
    for (const source of ['rt-link', 'rt-addr', 'rt-route', 'rt-rule', 'rt-neigh', 'tc', 'nftables', 'wireguard']) {
      expect(families.find((schema) => schema.source === source)?.objects, source).to.not.be.empty;
    }
  });

  const cases: [
    name: string,
    schema: FamilySchema,
    op: string,
    request: object,
    errno: ErrnoName,
    message: string | undefined,
    text: string,
  ][] = [
    [
      'a link kind whose module has another name',
      rtLinkSchema,
      'newlink',
      { ifname: 'bond0', linkinfo: { kind: 'bond' } },
      'EOPNOTSUPP',
      'Unknown device type',
      "EOPNOTSUPP newlink: interface 'bond0', kind 'bond': Unknown device type (this kernel may lack link kind 'bond': try `modprobe bonding` (CONFIG_BONDING))",
    ],
    [
      'a link kind that is built in',
      rtLinkSchema,
      'newlink',
      { ifname: 'nk0', linkinfo: { kind: 'netkit' } },
      'EOPNOTSUPP',
      'Unknown device type',
      "EOPNOTSUPP newlink: interface 'nk0', kind 'netkit': Unknown device type (this kernel may lack link kind 'netkit': it is built in with CONFIG_NETKIT)",
    ],
    [
      'a qdisc with its option',
      tcSchema,
      'newqdisc',
      { ifindex: 2, parent: 0xffff_ffff, kind: 'fq_codel' },
      'ENOENT',
      'Specified qdisc kind is unknown',
      "ENOENT newqdisc: qdisc 'fq_codel' at parent 0xffffffff on interface 2: Specified qdisc kind is unknown (this kernel may lack qdisc 'fq_codel': try `modprobe sch_fq_codel` (CONFIG_NET_SCH_FQ_CODEL))",
    ],
    [
      'a filter with its option',
      tcSchema,
      'newtfilter',
      { ifindex: 2, parent: 0x10000, kind: 'flower' },
      'ENOENT',
      'TC classifier not found',
      "ENOENT newtfilter: filter 'flower' at parent 0x10000 on interface 2: TC classifier not found (this kernel may lack filter 'flower': try `modprobe cls_flower` (CONFIG_NET_CLS_FLOWER))",
    ],
    [
      'an address family with its module',
      rtRouteSchema,
      'newroute',
      { rtmFamily: 28, oif: 3 },
      'EOPNOTSUPP',
      undefined,
      'EOPNOTSUPP newroute: route on interface 3 (this kernel may lack address family 28 (AF_MPLS): try `modprobe mpls_router` (CONFIG_MPLS_ROUTING))',
    ],
    [
      'the interface alone if a forwarding entry is for one that is not a port of a bridge',
      rtNeighSchema,
      'newneigh',
      { ndmFamily: 7, ndmIfindex: 3, lladdr: '02:00:00:00:00:01' },
      'EOPNOTSUPP',
      undefined,
      'EOPNOTSUPP newneigh: neighbour 02:00:00:00:00:01 on interface 3',
    ],
    [
      'another error, without advice',
      rtLinkSchema,
      'newlink',
      { ifiIndex: 4, linkinfo: { kind: 'bond' } },
      'EOPNOTSUPP',
      'Other words',
      "EOPNOTSUPP newlink: interface 4, kind 'bond': Other words",
    ],
    [
      'a missing capability',
      rtLinkSchema,
      'dellink',
      { ifname: 'v0' },
      'EPERM',
      undefined,
      "EPERM dellink: interface 'v0' (needs CAP_NET_ADMIN in its namespace)",
    ],
    [
      'an EPERM that the kernel explains',
      rtLinkSchema,
      'dellink',
      { ifname: 'v0' },
      'EPERM',
      'Locked',
      "EPERM dellink: interface 'v0': Locked",
    ],
    ['nothing that is named', rtLinkSchema, 'newlink', { mtu: 1500 }, 'EINVAL', undefined, 'EINVAL newlink'],
  ];
  for (const [name, schema, op, request, errno, message, text] of cases) {
    it(`names ${name}`, async () => {
      expect((await rejection(schema, op, request, errno, message)).message).to.equal(text);
    });
  }

  it('is an own property, so that logs show it', async () => {
    const named = await rejection(rtLinkSchema, 'dellink', { ifname: 'v0' }, 'ENODEV');
    expect(named).to.be.instanceOf(KernelError).with.property('object', "interface 'v0'");
    expect(stringify(named)).to.include(`"object":"interface 'v0'"`);
    expect(Object.keys(await rejection(rtLinkSchema, 'newlink', {}, 'EINVAL'))).to.not.include('object');
  });

  it('names the missing capability when nfnetlink rejects the whole transaction', async () => {
    const error = await rejection(nftablesSchema, 'newtable', { nfgenFamily: 2, name: 't' }, 'EPERM');
    expect(error.message).to.equal('EPERM newtable (needs CAP_NET_ADMIN in its namespace)');
  });
});
