// The `prepack` hook of `npm pack` and `npm publish`: builds what the package holds, prebuilds included.
//
// A package without x64 or arm64 is refused. RXNETLINK_PACK_PARTIAL=1 packs without the machines whose compiler is missing.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root } from './prepare.mjs';
import { prebuild } from './prebuild.mjs';
import { REQUIRED } from './prebuild/targets.mjs';

install();
build();
const results = await prebuild();
const missing = results.filter((result) => result.missing !== undefined);
for (const { arch, file, missing: compiler, debianPackage } of missing) {
  // A file of older sources must not be packed.
  rmSync(join(root, file), { force: true });
  console.error(`rxnetlink: prepack: no prebuild for ${arch}: ${compiler} is not installed (Debian: apt-get install ${debianPackage})`);
}
const refused = missing.filter(({ arch }) => REQUIRED.includes(arch)).map(({ arch }) => arch);
if (refused.length > 0 && process.env.RXNETLINK_PACK_PARTIAL !== '1') {
  console.error(
    `rxnetlink: prepack: the package needs prebuilds for ${REQUIRED.join(' and ')}; ${refused.join(', ')} is missing; install the compiler, or set RXNETLINK_PACK_PARTIAL=1`,
  );
  process.exitCode = 1;
}
