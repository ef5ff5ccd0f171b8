import { expect } from 'chai';
import { needsOrderOf } from '../support/host-order.js';
import { listFixtures, readFixture } from './fixture.js';
import { comparerOf, sceneOf } from './scene.js';

describe('decoded fixtures of families', () => {
  for (const fixture of listFixtures()) {
    it(`equal the output of the tool: ${fixture.family} ${fixture.origin}: ${fixture.name}`, async function () {
      const capture = readFixture(fixture);
      needsOrderOf(this, capture);
      const comparer = await comparerOf(fixture);
      const scene = await sceneOf(fixture, comparer, capture, capture.expected);
      expect([...scene.answers, ...scene.events], 'messages of the family').to.not.have.length(0);
      comparer.compare(scene);
    });
  }
});
