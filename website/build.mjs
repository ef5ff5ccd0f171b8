// npm run docs: builds site/ from the pages of docs/ (VitePress) and the doc comments of lib/ (TypeDoc). RXNETLINK_SITE_BASE is the path
// under which the site is served, / if it is not set.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const website = dirname(fileURLToPath(import.meta.url));
const root = dirname(website);
const site = join(root, 'site');

if (!existsSync(join(website, 'node_modules'))) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: website, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

const { stagePages } = await import('./stage-pages.mjs');
const { writeApi } = await import('./write-api.mjs');
const began = performance.now();
rmSync(site, { recursive: true, force: true });
const pages = stagePages();
// VitePress empties the folder first, so the reference follows it.
await run(['node_modules/vitepress/bin/vitepress.js', 'build']);
const warnings = await writeApi(join(site, 'api'));
for (const warning of warnings) console.log(warning);
console.log(`site/: ${pages} pages and the API, ${((performance.now() - began) / 1000).toFixed(0)} s`);
process.exitCode = warnings.length > 0 ? 1 : 0;

/** Runs a program of website/ and ends this one if it fails. */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: website, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((done) => child.on('exit', done));
  if (code !== 0) process.exit(1);
}
