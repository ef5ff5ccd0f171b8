import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { ethtool } from '../../lib/families/ethtool.js';
import { ethtoolSchema } from '../../lib/families/generated/ethtool.js';
import { fakeFamilies, fakeFamily, fakeKernel, type FakeHandler } from '../../lib/testing/index.js';
import { AttributeReader } from '../../lib/wire/index.js';
import { CONTROLLER } from './controller.js';

const DUMPS = ethtoolSchema.operations.filter(({ dump }) => dump !== undefined).map(({ name }) => name as 'features-get');

/** ETHTOOL_A_*_HEADER of uapi/linux/ethtool_netlink_generated.h. */
const typeOfHeader = (op: string): number => (op === 'stats-get' ? 2 : 1);

describe('A dump request of ethtool', () => {
  /** Attributes of each request as type and payload; struct genlmsghdr has 4 bytes. */
  async function sent(request: object | undefined): Promise<[number, number[]][][]> {
    const answer = fakeFamilies(fakeFamily(ethtoolSchema, { dump: Object.fromEntries(DUMPS.map((op) => [op, () => []])) }));
    const requests: [number, number[]][][] = [];
    const handler: FakeHandler = (message, context) => {
      if (message.type !== CONTROLLER) {
        const attributes = [...new AttributeReader(message.payload, { start: 4 })];
        requests.push(attributes.map(({ type, payload }) => [type, [...payload]]));
      }
      return answer(message, context);
    };
    using client = ethtool({ transport: fakeKernel(handler) });
    for (const op of DUMPS) await lastValueFrom(client.dump(op, request).pipe(toArray()));
    return requests;
  }

  it('has a header if the caller omits it', async () => {
    expect(DUMPS).to.have.length.above(20);
    for (const request of [undefined, {}, { header: undefined }])
      expect(await sent(request)).to.deep.equal(DUMPS.map((op) => [[typeOfHeader(op), []]]));
  });

  it("keeps the caller's header", async () => {
    const requests = await sent({ header: { devName: 'v0' } });
    expect(requests).to.have.length(DUMPS.length);
    for (const [index, [[type, payload] = [0, []], ...more]] of requests.entries()) {
      expect(more).to.deep.equal([]);
      expect(type).to.equal(typeOfHeader(DUMPS[index] ?? ''));
      // ETHTOOL_A_HEADER_DEV_NAME 2
      expect(new AttributeReader(Uint8Array.from(payload)).find(2)?.string()).to.equal('v0');
    }
  });
});
