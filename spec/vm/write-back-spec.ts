import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { copy, prepare } from '../kernel/write-back/copy.js';
import { applied, EXCEPTIONS } from '../kernel/write-back/exceptions.js';
import { shown } from '../kernel/write-back/shown.js';
import { WIDE_SCENES } from '../kernel/write-back/wide-scenes.js';
import { createNamespace, skipBecause } from '../support/namespace.js';

describe('rows of further kinds that are written into another namespace', () => {
  let copied = 0;
  // The value of FB_TUNNELS_ONLY_FOR_INIT_NET: otherwise a loaded module adds its first tunnel to every namespace.
  before(() => {
    writeFileSync('/proc/sys/net/core/fb_tunnels_only_for_init_net', '2');
  });
  for (const scene of WIDE_SCENES) {
    it(`have the same output of the tools: ${scene.name}`, async () => {
      const [original, target] = [createNamespace(), createNamespace()];
      try {
        prepare(original, scene);
        await copy(original, target, scene);
        copied++;
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

  it('need every exception that the list has for them', function () {
    if (copied < WIDE_SCENES.length) skipBecause(this, 'not every scene was copied');
    expect(EXCEPTIONS.filter((exception) => exception.wide === true && !applied.has(exception))).to.deep.equal([]);
  });
});
