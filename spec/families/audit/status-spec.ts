import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { audit, auditSchema } from '../../../lib/families/audit.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../../lib/testing/index.js';

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
