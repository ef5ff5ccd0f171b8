import { expect } from 'chai';
import { devEnergymodel } from '../../../lib/families/dev-energymodel.js';
import { last } from '../support.js';
import { requireFamily } from './require-family.js';

describe('dev-energymodel on a wide kernel', () => {
  before(async function () {
    await requireFamily(this, 'dev-energymodel');
  });

  // The emulated processor has no energy model.
  it('lists no domain of an emulated processor, and fails with ENOENT for one', async () => {
    using client = devEnergymodel();
    expect(await last(client.list('get-perf-domains'))).to.deep.equal([]);
    const failed = await last(client.do('get-perf-table', { perfDomainId: 3 })).then(String, String);
    expect(failed).to.match(/KernelError: E(?:NOENT|INVAL|NODEV)/);
  });
});
