import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { FamilyClient } from '../../lib/client/index.js';
import type { FamilySchema, TypedFamilySchema } from '../../lib/schema/index.js';
import type { UntypedFamily } from '../../lib/client/index.js';
import { fakeFamilies, fakeFamily, fakeKernel, type FakeHandler } from '../../lib/testing/index.js';
import { needsOrderOf } from '../support/host-order.js';
import { listFixtures, readFixture } from './fixture.js';
import { exchanges, type Exchange } from './play.js';
import { comparerOf } from './scene.js';

/** The families whose tools send the bytes that the client sends: their requests also test the encoder. netlabelctl omits the version, for example. */
const FAMILIES = [
  'cn_proc',
  'conntrack_helper',
  'conntrack_timeout',
  'dcb',
  'dev-energymodel',
  'devlink',
  'dpll',
  'drm_ras',
  'handshake',
  'ksmbd',
  'lockd',
  'nbd',
  'net_shaper',
  'nfacct',
  'nfc',
  'nfhook',
  'nfnetlink_osf',
  'nfsd',
  'ovpn',
  'psp',
  'rdma',
  'rt-addrlabel',
  'rt-tunnel',
  'seg6',
  'smc',
  'smc_pnetid',
  'sunrpc_cache',
  'tcmu',
  'vdpa',
];
/** The message type of the generic controller (`GENL_ID_CTRL`). */
const CONTROLLER = 16;

/** Returns the payloads that a client sends for the request of another program: the family's header and the attributes. */
async function sent(schema: FamilySchema, { asked: { op, mode, value } }: Exchange): Promise<string[]> {
  const payloads: string[] = [];
  const answer = fakeFamilies(
    fakeFamily(schema as TypedFamilySchema<UntypedFamily>, { do: { [op]: () => ({}) }, dump: { [op]: () => [] } }),
  );
  const handler: FakeHandler = (request, context) => {
    if (request.type !== CONTROLLER) payloads.push(Buffer.from(request.payload).toString('hex'));
    return answer(request, context);
  };
  using client = new FamilyClient<UntypedFamily>(schema, { transport: fakeKernel(handler) });
  const request = value as Readonly<Record<string, unknown>>;
  await lastValueFrom((mode === 'dump' ? client.dump(op, request) : client.do(op, request)).pipe(toArray()));
  return payloads;
}

describe('requests of families', () => {
  for (const fixture of listFixtures().filter(({ family }) => FAMILIES.includes(family))) {
    it(`equal those of other programs byte for byte: ${fixture.family} ${fixture.origin}: ${fixture.name}`, async function () {
      const capture = readFixture(fixture);
      needsOrderOf(this, capture);
      const comparer = await comparerOf(fixture);
      const found = exchanges(comparer.schema, capture);
      expect(found).not.to.have.length(0);
      for (const exchange of found) {
        const expected = Buffer.from(exchange.recorded.request.payload).toString('hex');
        expect(await sent(comparer.schema, exchange), exchange.asked.op).to.deep.equal([expected]);
      }
    });
  }
});
