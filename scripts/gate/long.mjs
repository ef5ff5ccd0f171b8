// `npm run test:long`: runs the specs that repeat something, as often as spec/support/rounds.ts allows, and with all
// of many similar cases. `npm test` does less.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../prepare.mjs';

const repeats = (file) => file.endsWith('-spec.ts') && /\/support\/(?:rounds|fuzz)\.js'/.test(readFileSync(join(root, file), 'utf8'));
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(process.execPath, [mocha, '--forbid-only', ...filesBelow('spec').filter(repeats)], {
  cwd: root,
  env: { ...process.env, RXNETLINK_LONG: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
