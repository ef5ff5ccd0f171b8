import { join, resolve } from 'node:path';
import { CHECKS } from '../docs/cookbook/checks/index.js';
import { compilePrograms } from '../docs/cookbook/compile.js';
import { readEntries } from '../docs/cookbook/entries.js';
import { runEntry } from '../docs/cookbook/run-entry.js';
import { simulated } from './simulated.js';
import { modules } from './support.js';

const root = resolve(import.meta.dirname, '../..');
// Beside the folder of the specs of this machine, which may run at the same time.
const folder = join(root, '.cache/docs-cookbook-vm');
/** The programs that need what other kernels lack. */
const entries = readEntries(root).filter(({ page, title }) =>
  CHECKS[page]?.[title]?.needs?.some(({ modules: names, simulated: name }) => names.length > 0 || name !== undefined),
);

describe('programs of the cookbook, on the wide kernel', function () {
  this.timeout(300_000);
  before(() => compilePrograms(root, folder, entries));

  for (const entry of entries) {
    const check = CHECKS[entry.page]![entry.title]!;
    it(`${entry.page}: ${entry.title}`, function () {
      const needs = check.needs!;
      for (const { simulated: name } of needs) if (name !== undefined) simulated(this, name);
      const names = needs.flatMap((need) => need.modules);
      if (names.length > 0) modules(...names);
      return runEntry(entry, check, folder);
    });
  }
});
