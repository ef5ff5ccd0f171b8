import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { rtRuleSchema } from '../../lib/families/rt-rule.js';
import { isNetworkError, network } from '../../lib/network/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../lib/testing/index.js';

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
