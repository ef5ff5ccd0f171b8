// The reference of the API, from the doc comments of every entry point of the package.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, LogLevel, PageEvent } from 'typedoc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Writes the reference to a folder, and returns the warnings of TypeDoc. */
export async function writeApi(folder) {
  const application = await Application.bootstrapWithPlugins({
    name: 'rxnetlink',
    entryPoints: entryPoints(),
    tsconfig: join(root, 'tsconfig.build.json'),
    readme: 'none',
    favicon: join(root, 'website/icon.svg'),
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    // `npm run types` checks them.
    skipErrorChecking: true,
    hideGenerator: true,
    includeHierarchySummary: false,
    navigationLinks: { Guide: process.env.RXNETLINK_SITE_BASE ?? '/' },
    logLevel: LogLevel.Warn,
  });
  const warnings = [];
  const { log } = application.logger;
  application.logger.log = (text, level) => {
    if (level >= LogLevel.Warn) warnings.push(text);
    else log.call(application.logger, text, level);
  };
  application.renderer.on(PageEvent.END, (page) => {
    page.contents = withLandmarks(page.contents);
  });
  const project = await application.convert();
  if (project === undefined) return warnings.length > 0 ? warnings : ['TypeDoc could not read the entry points'];
  await application.generateDocs(project, folder);
  return warnings;
}

/** The sources of the package's entry points. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .map(({ types }) => join(root, types.replace('./dist/', 'lib/').replace('.d.ts', '.ts')));
}

/** Gives a page what the theme lacks for readers of screens: a main part, names of its lists, and no link within a switch. */
function withLandmarks(html) {
  return html
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace('<div class="col-sidebar">', '<div class="col-sidebar" role="complementary" aria-label="Navigation">')
    .replace('<nav id="tsd-sidebar-links"', '<nav aria-label="Site" id="tsd-sidebar-links"')
    .replace('<nav class="tsd-navigation">', '<nav aria-label="API" class="tsd-navigation">')
    .replaceAll(/<summary\b[^>]*>[^]*?<\/summary>/g, (summary) => summary.replaceAll(/<a [^>]*class="tsd-anchor-icon"[^]*?<\/a>/g, ''));
}
