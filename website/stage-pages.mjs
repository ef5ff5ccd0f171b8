// Copies the pages of the repository to website/.pages, where VitePress reads them, and points their links to the site.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { CONTRIBUTING, GUIDE } from './pages.mjs';

const website = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const root = dirname(website);
const target = join(website, '.pages');

/** Every page: those that pages.mjs names, and the files of docs/contributing/ and its folders. */
export function allPages() {
  const contributing = readdirSync(join(root, 'docs/contributing'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => ({ to: `contributing/${name.slice(0, -3)}`, from: `docs/contributing/${name}` }))
    .map((page) => ({ ...page, text: headingOf(page.from) }));
  return { guide: GUIDE.flatMap(({ items }) => items), contributing: [...CONTRIBUTING, ...contributing] };
}

/** Writes the pages, and returns how many there are. Throws if a page of docs/ has no place on the site, or a place has no page. */
export function stagePages() {
  const { guide, contributing } = allPages();
  const pages = [...guide, ...contributing];
  const places = new Map(pages.map(({ from, to }) => [from, to]));
  places.set('README.md', '');
  places.set('docs/contributing/README.md', 'contributing/start');
  const missing = pages.filter(({ from }) => !existsSync(join(root, from))).map(({ from }) => `${from} does not exist`);
  const forgotten = docsPages().filter((from) => !places.has(from));
  const faults = [...missing, ...forgotten.map((from) => `${from} has no place in website/pages.mjs`)];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  rmSync(target, { recursive: true, force: true });
  for (const { from, to } of pages) write(`${to}.md`, relink(readFileSync(join(root, from), 'utf8'), from, places));
  write('index.md', readFileSync(join(website, 'home.md'), 'utf8'));
  copyPictures();
  write('public/icon.svg', readFileSync(join(website, 'icon.svg')));
  return pages.length + 1;
}

const headingOf = (from) => /^# (.*)$/m.exec(readFileSync(join(root, from), 'utf8'))?.[1].replaceAll('`', '') ?? from;

const docsPages = () =>
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);

/** Points each relative link to its page on the site. A link to another file of the repository becomes its text: the site has no sources. */
function relink(text, from, places) {
  return text.replaceAll(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, label, address) => {
    if (/^(?:[a-z]+:|#)/.test(address)) return link;
    const [path, anchor] = address.split('#');
    const file = posix.normalize(posix.join(posix.dirname(from), path));
    const place = places.get(file) ?? places.get(`${file.replace(/\/$/, '')}/README.md`);
    if (place === undefined) return label;
    return `[${label}](/${place}${anchor === undefined ? '' : `#${anchor}`})`;
  });
}

/** Copies the pictures beside the pages. */
function copyPictures() {
  for (const name of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
    if (/\.(?:svg|png)$/.test(name)) write(name, readFileSync(join(root, 'docs', name)));
  }
}

function write(name, contents) {
  mkdirSync(dirname(join(target, name)), { recursive: true });
  writeFileSync(join(target, name), contents);
}
