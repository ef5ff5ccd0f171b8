import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { copy, prepare } from './copy.js';
import { SCENES } from './scenes.js';
import { shown } from './shown.js';

describe('rows written back into another namespace', () => {
  useNamespace();
  let namespaces: readonly [Namespace, Namespace];
  beforeEach(() => {
    namespaces = [createNamespace(), createNamespace()];
  });
  afterEach(() => {
    for (const namespace of namespaces) namespace.delete();
  });

  for (const scene of SCENES) {
    it(`show the same: ${scene.name}`, async () => {
      const [original, copied] = namespaces;
      prepare(original, scene);
      await copy(original, copied, scene);
      for (const line of scene.tools) {
        const rows = shown(original, line);
        if (line === scene.tools[0]) expect(rows, line).to.not.have.length(0);
        // IPv6 adds the routes of its addresses a while after the addresses.
        for (let tries = 0; tries < 20 && !isDeepStrictEqual(shown(copied, line), shown(original, line)); tries++) await delay(100);
        expect(shown(copied, line), line).to.deep.equal(shown(original, line));
      }
    });
  }
});
