import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { copy, prepare } from '../kernel/write-back/copy.js';
import { shown } from '../kernel/write-back/shown.js';
import { WIDE_SCENES } from '../kernel/write-back/wide-scenes.js';
import { createNamespace } from '../support/namespace.js';

describe('rows of further kinds written back into another namespace', () => {
  for (const scene of WIDE_SCENES) {
    it(`show the same: ${scene.name}`, async () => {
      const [original, target] = [createNamespace(), createNamespace()];
      try {
        prepare(original, scene);
        await copy(original, target, scene);
        for (const line of scene.tools) {
          for (let tries = 0; tries < 20 && !isDeepStrictEqual(shown(target, line), shown(original, line)); tries++) await delay(100);
          expect(shown(target, line), line).to.deep.equal(shown(original, line));
        }
      } finally {
        original.delete();
        target.delete();
      }
    });
  }
});
