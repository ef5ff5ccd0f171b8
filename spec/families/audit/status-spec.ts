import { expect } from 'chai';
import { lastValueFrom, timeout } from 'rxjs';
import { audit, auditSchema } from '../../../lib/families/audit.js';
import { needsOrderOf } from '../../support/host-order.js';
import { PATIENCE } from '../../support/patience.js';
import { operationCodec } from '../../../lib/schema/index.js';
import { fakeFamilies, fakeFamily, fakeKernel, readCapture, replayKernel } from '../../../lib/testing/index.js';

describe('setStatus', () => {
  it('omits properties that are undefined from the mask', async () => {
    const family = fakeFamily(auditSchema, { do: { set: () => undefined } });
    const kernel = fakeKernel(fakeFamilies(family));
    using client = audit({ transport: kernel });
    await lastValueFrom(client.setStatus({ backlogLimit: 8192, enabled: undefined, failure: undefined } as never), {
      defaultValue: undefined,
    });
    // AUDIT_STATUS_BACKLOG_LIMIT is 0x10.
    expect(family.requests(kernel)[0]?.value).to.include({ mask: 0x10, backlogLimit: 8192 });
  });
});

describe('get-feature', () => {
  it('decodes the request of auditctl, which appends a struct of zeros that the kernel ignores', () => {
    expect(operationCodec(auditSchema, 'get-feature').decodeRequest(new Uint8Array(16), 'do')).to.deep.equal({});
  });
});

describe('get', () => {
  it('is replayed from a capture, in which the reply follows the ack', async function () {
    const capture = readCapture(new URL('../../fixtures/families/audit/6.12/status.hex', import.meta.url));
    needsOrderOf(this, capture);
    using client = audit({ transport: replayKernel(capture) });
    const { backlogLimit, rateLimit } = await lastValueFrom(client.do('get').pipe(timeout(5000 * PATIENCE)));
    // auditctl -r 900 -b 77
    expect({ backlogLimit, rateLimit }).to.deep.equal({ backlogLimit: 77, rateLimit: 900 });
  });
});
