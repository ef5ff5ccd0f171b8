import { GUIDE } from '../pages.mjs';
import { allPages } from '../stage-pages.mjs';

const entry = ({ to, text }) => ({ text, link: `/${to}` });
const base = process.env.RXNETLINK_SITE_BASE ?? '/';

/**
 * Turns a word into the form in the index; it omits the words that most questions and pages hold, because they would decide the order of
 * the results. The page calls a copy of its text, so it can use nothing of this file.
 */
const processTerm = (word) => {
  const term = word.toLowerCase();
  const common =
    /^(?:an?|and|are|as|at|be|by|can|do|does|for|from|have|how|i|if|in|is|its?|me|mean|my|of|on|or|that|the|there|this|to|use|what|when|where|which|why|will|with)$/;
  return common.test(term) ? null : term.replace(/(?<=[a-z]{3}[^s])s$/, '');
};

export default {
  title: 'rxnetlink',
  description: 'Linux netlink sockets as RxJS Observables, for Node.js',
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  srcDir: '.pages',
  outDir: '../site',
  cacheDir: '../.cache/vitepress',
  cleanUrls: false,
  // The reference of the API is built beside this site, by TypeDoc.
  ignoreDeadLinks: [/^\/api\//],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // As GitHub does, so that links within the pages are the same there and here.
    anchor: {
      slugify: (text) =>
        text
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(/\s/g, '-'),
    },
    config(md) {
      // Vue would read {{ }} in code as an expression.
      const render = md.renderer.rules.code_inline;
      md.renderer.rules.code_inline = (...input) => render(...input).replace('<code', '<code v-pre');
      // A cell without text cannot be a header.
      md.core.ruler.push('empty-headers', ({ tokens }) => {
        tokens.forEach((token, index) => {
          if (token.type !== 'th_open' || tokens[index + 1].content !== '') return;
          token.tag = 'td';
          tokens[index + 2].tag = 'td';
        });
      });
    },
  },
  themeConfig: {
    nav: [
      { text: 'First steps', link: '/first-steps' },
      { text: 'From ip to code', link: '/network' },
      { text: 'Command', link: '/command' },
      { text: 'API', link: '/api/index.html', target: '_self' },
      { text: 'Contribute', link: '/contributing/start' },
    ],
    sidebar: {
      '/': GUIDE.map(({ text, items }) => ({ text, items: items.map(entry) })),
      '/contributing/': [{ text: 'Work on it', items: allPages().contributing.map(entry) }],
    },
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        // Who works on the library has other questions than its users.
        _render: (text, env, md) => (/^(?:contributing\/|changelog)/.test(env.relativePath) ? '' : md.render(text, env)),
        miniSearch: {
          options: { processTerm },
          searchOptions: { fuzzy: 0.1, prefix: true, boost: { title: 4, text: 2, titles: 1 } },
        },
      },
    },
  },
};
