import { expect } from 'chai';
import { contractCases } from './cases.js';
import { fakeRtnetlink } from './fake-rtnetlink.js';

describe('the contract of kernels, on a fake one', () => {
  for (const [theme, cases] of Object.entries(contractCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases) {
        it(title, async () => {
          expect(await run({ transport: fakeRtnetlink(61), netns: undefined })).to.deep.equal(expected);
        });
      }
    });
  }
});
