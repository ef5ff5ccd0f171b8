// `npm run test:prebuilt`: runs the specs of the addon and of the kernel with the prebuilt addon of this machine instead of the addon
// that node-gyp built. `npm run test:prebuilt -- spec/native/lifecycle-spec.ts` runs only that file.
import { join } from 'node:path';
import { fail, runSpecs, wantedSpecs } from './instrumented.mjs';
import { prebuild } from '../../prebuild.mjs';
import { TARGETS } from '../../prebuild/targets.mjs';
import { root } from '../../prepare.mjs';

const targets = TARGETS.filter(({ arch }) => arch === process.arch);
if (targets.length === 0)
  fail(`test:prebuilt: no prebuilt addon for this architecture (${process.arch}); expected one of scripts/prebuild/targets.mjs`);
const [{ file, missing }] = await prebuild(targets);
if (missing !== undefined) fail(`test:prebuilt: ${missing} is not installed`);
process.exitCode = runSpecs([], wantedSpecs('spec/native', 'spec/kernel'), 1, { RXNETLINK_ADDON: join(root, file) });
