import { expect } from 'chai';
import { network } from '../../../lib/network/network.js';
import { fakeNetwork } from '../../../lib/testing/index.js';
import { networkCases } from './cases.js';

describe('the contract of networks, on a fake one', () => {
  for (const [theme, cases] of Object.entries(networkCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases) {
        it(title, async () => {
          const netns = 'blue';
          const { options } = fakeNetwork({ links: [], namespaces: [netns] });
          using net = network(options);
          using other = network(options);
          using there = network({ ...options, netns });
          expect(await run({ net, other, there, netns })).to.deep.equal(expected);
        });
      }
    });
  }
});
