import { expect } from 'chai';
import { network } from '../../../lib/network/network.js';
import { fakeNetwork } from '../../../lib/testing/index.js';
import { networkCases } from './cases.js';

describe('the contract of networks, on a fake one', () => {
  for (const [theme, cases] of Object.entries(networkCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases) {
        it(title, async () => {
          const { options } = fakeNetwork({ links: [] });
          using net = network(options);
          using other = network(options);
          expect(await run({ net, other })).to.deep.equal(expected);
        });
      }
    });
  }
});
