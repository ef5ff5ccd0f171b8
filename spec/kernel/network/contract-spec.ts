import { expect } from 'chai';
import { network, type Network } from '../../../lib/network/network.js';
import { networkCases } from '../../contract/network/cases.js';
import { clear } from '../../contract/network/world.js';
import { useNamespace } from '../../support/namespace.js';
import { isLong } from '../../support/rounds.js';

/** Every third case runs in `npm test`, all of them in `npm run test:long`; the fake network always runs all. */
const isChosen = (index: number): boolean => isLong || index % 3 === 0;

describe('the contract of networks, on the running kernel', () => {
  const namespace = useNamespace();
  let [net, other]: Network[] = [];
  before(() => {
    [net, other] = [network({ netns: namespace().path }), network({ netns: namespace().path })];
  });
  after(() => {
    net?.close();
    other?.close();
  });
  afterEach(() => clear(net!));

  for (const [theme, cases] of Object.entries(networkCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases.filter((_, index) => isChosen(index))) {
        it(title, async () => {
          expect(await run({ net: net!, other: other! })).to.deep.equal(expected);
        });
      }
    });
  }
});
