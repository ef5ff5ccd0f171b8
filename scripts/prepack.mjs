// The `prepack` hook of `npm pack` and `npm publish`: builds the contents of the package, including the prebuilt addons.
//
// It fails without an addon for x64 and arm64, and for errors of types, which `build:ts` does not look for. RXNETLINK_PACK_PARTIAL=1 makes
// a package for tests: it omits the architectures whose compiler is missing, and the stage `types` of `npm test` checks the types.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root } from './prepare.mjs';
import { prebuild } from './prebuild.mjs';
import { REQUIRED } from './prebuild/targets.mjs';
import { shortenNames } from './support/shorten-names.mjs';

await install();
await build();
const results = await prebuild();
const missing = results.filter((result) => result.missing !== undefined);
for (const { arch, file, missing: compiler, debianPackage } of missing) {
  // The package must not contain an addon of older sources.
  rmSync(join(root, file), { force: true });
  console.error(`rxnetlink: prepack: no prebuild for ${arch}: ${compiler} is not installed (Debian: apt-get install ${debianPackage})`);
}
const refused = missing.filter(({ arch }) => REQUIRED.includes(arch)).map(({ arch }) => arch);
if (process.env.RXNETLINK_PACK_PARTIAL !== '1') {
  if (refused.length > 0) {
    console.error(
      `rxnetlink: prepack: no prebuilt addon for ${refused.join(', ')}; expected ${REQUIRED.join(' and ')}; install the compiler, or set RXNETLINK_PACK_PARTIAL=1`,
    );
    process.exit(1);
  }
  const { status, error } = spawnSync('npm', ['run', '--silent', 'types'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error(`rxnetlink: prepack: npm run types failed (${error?.message ?? `status ${status}`}); correct the types`);
    process.exitCode = 1;
  }
}
if (process.exitCode === undefined) await shortenNames();
