// `npm run test:prebuilt`: runs the specs of the addon and of the kernel with the prebuilt addon of this machine instead of the addon
// that node-gyp built. `npm run test:prebuilt -- spec/native/lifecycle-spec.ts` runs only that file.
import { runSpecs, wantedSpecs } from './instrumented.mjs';
import { prebuiltAddon } from './prebuilt-addon.mjs';

process.exitCode = runSpecs([], wantedSpecs('spec/native', 'spec/kernel'), 1, { RXNETLINK_ADDON: await prebuiltAddon('test:prebuilt') });
