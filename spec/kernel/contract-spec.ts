import { expect } from 'chai';
import type { NamespaceHandle } from '../../lib/index.js';
import { nativeTransport } from '../../lib/socket/index.js';
import { contractCases } from '../contract/cases.js';
import { useNamespace } from '../support/namespace.js';

describe('the contract of kernels, on the running kernel', () => {
  const namespace = useNamespace();

  let netns: NamespaceHandle | undefined;

  before(() => {
    netns = nativeTransport.openNamespace?.(namespace().path, () => undefined);
    namespace().batch(Array.from({ length: 60 }, (_, index) => `link add p${index} type bridge`));
  });
  after(() => netns?.close());
  for (const [theme, cases] of Object.entries(contractCases)) {
    describe(theme, () => {
      for (const { title, run, expected } of cases) {
        it(title, async () => {
          expect(await run({ transport: nativeTransport, netns: netns?.descriptor })).to.deep.equal(expected);
        });
      }
    });
  }
});
