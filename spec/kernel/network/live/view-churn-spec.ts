import { expect } from 'chai';
import { useNamespace } from '../../../support/namespace.js';
import { rounds } from '../../../support/rounds.js';
import { churnView } from './view-churn.js';

describe('network().view while links come and go', function () {
  this.timeout(120_000);
  const namespace = useNamespace();

  it('equals ip -j addr at each quiet point, emits once a turn, and no address without its link', async () => {
    const { differences, early, twice, emissions, changes, quietPoints } = await churnView(namespace(), {
      links: rounds(60, 400),
      seconds: rounds(0, 10),
    });
    expect(differences).to.deep.equal([]);
    expect(early).to.deep.equal([]);
    expect(twice).to.equal(0);
    expect(quietPoints).to.be.at.least(2);
    expect(emissions).to.be.within(3, 4 * changes);
  });
});
