import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { networkCases } from '../../contract/network/cases.js';
import { clear } from '../../contract/network/world.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { isLong } from '../../support/rounds.js';

/** Every third case runs in `npm test`, all of them in `npm run test:long`; the fake network always runs all. */
const isChosen = (index: number): boolean => isLong || index % 3 === 0;

describe('the contract of networks, on the running kernel', () => {
  const namespace = useNamespace();
  const elsewhere = useNamespace();
  let [net, other, there]: Network[] = [];
  before(() => {
    [net, other, there] = [namespace(), namespace(), elsewhere()].map(({ path }) => network({ netns: path }));
  });
  after(() => [net, other, there].forEach((each) => each?.close()));
  afterEach(async () => {
    await clear(net!);
    await clear(there!);
  });

  for (const [theme, cases] of Object.entries(networkCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases.filter((_, index) => isChosen(index))) {
        it(title, async function () {
          const result = await run({ net: net!, other: other!, there: there!, netns: elsewhere().path });
          if (/broadcast (?:\d+\.){3}0\b/.test(JSON.stringify(result)))
            skipBecause(this, 'this kernel makes a broadcast route for the first address of a network');
          if (/busy: cannot delete class \S+ on v0: it is in use/.test(JSON.stringify(result)))
            skipBecause(this, 'this kernel does not state why a class is busy');
          if (JSON.stringify(result).includes('Multipath group can not be a nexthop'))
            skipBecause(this, 'this kernel names groups of nexthops in other words');
          expect(result).to.deep.equal(expected);
        });
      }
    });
  }
});
