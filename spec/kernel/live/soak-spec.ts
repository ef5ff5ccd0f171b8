import { expect } from 'chai';
import { createNamespace, useNamespace } from '../../support/namespace.js';
import { rounds } from '../../support/rounds.js';
import { soak } from './soak.js';

/** One seed for each process: a retry must not find other changes. */
const seed = Date.now() % 1_000_000;

describe('live collections under random changes', function () {
  this.timeout(120_000);
  const namespace = useNamespace();

  it('equal the output of ip at every quiet point, also after overruns', async () => {
    const { differences, overruns, events } = await soak(namespace(), { seconds: rounds(2, 4), seed, receiveBufferSize: 16_384 });
    expect(differences, `seed ${String(seed)}`).to.deep.equal([]);
    expect(overruns, 'overruns').to.be.greaterThan(0);
    expect(events, 'events').to.be.greaterThan(100);
  });

  it('need no resync if no events are lost and no links change', async () => {
    const other = createNamespace();
    const options = { seconds: rounds(1, 3), seed, receiveBufferSize: 8_000_000, burst: 1000 } as const;
    const { differences, overruns } = await soak(other, { ...options, kinds: ['routes', 'neighbours', 'rules'] }).finally(() => {
      other.delete();
    });
    expect(differences, `seed ${String(seed)}`).to.deep.equal([]);
    expect(overruns).to.equal(0);
  });
});
