import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { createNamespace, skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { copy, prepare } from './copy.js';
import { applied, EXCEPTIONS } from './exceptions.js';
import { deleteRoutes } from './routes.js';
import { SCENES } from './scenes.js';
import { shown } from './shown.js';

describe('rows that are written into another namespace', () => {
  useNamespace();
  let copied = 0;
  let namespaces: readonly [Namespace, Namespace];
  beforeEach(() => {
    namespaces = [createNamespace(), createNamespace()];
  });
  afterEach(() => {
    for (const namespace of namespaces) namespace.delete();
  });

  for (const scene of SCENES) {
    it(`have the same output of the tools: ${scene.name}`, async () => {
      const [original, target] = namespaces;
      prepare(original, scene);
      await copy(original, target, scene);
      copied++;
      for (const line of scene.tools) {
        const rows = shown(original, line);
        if (line === scene.tools[0]) expect(rows, line).to.not.have.length(0);
        // The kernel adds the routes of IPv6 addresses later than the addresses.
        for (let tries = 0; tries < 20 && !isDeepStrictEqual(shown(target, line), shown(original, line)); tries++) await delay(100);
        expect(shown(target, line), line).to.deep.equal(shown(original, line));
      }
    });
  }

  for (const scene of SCENES.filter(({ name }) => name.includes('routes'))) {
    it(`delete their own route: ${scene.name}`, async () => {
      const [original] = namespaces;
      prepare(original, scene);
      await deleteRoutes(original);
      const rows = scene.tools.slice(0, 1).flatMap((line) => shown(original, line) as readonly { readonly protocol?: string }[]);
      expect(rows).to.not.have.length(0);
      expect(rows.filter(({ protocol }) => protocol !== 'kernel')).to.deep.equal([]);
    });
  }

  it('need every exception of the list', function () {
    if (copied < SCENES.length) skipBecause(this, 'not every scene was copied');
    const isOther = (process.env['RXNETLINK_OTHER_KERNEL'] ?? '') !== '';
    const needed = EXCEPTIONS.filter(({ wide, narrow }) => wide !== true && (narrow !== true || !isOther));
    expect(needed.filter((exception) => !applied.has(exception))).to.deep.equal([]);
  });
});
