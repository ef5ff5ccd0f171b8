import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { basename } from 'node:path';
import { readNative, readScript, readShell } from './read-code.mjs';
import { STARTS, findParts, findTerms } from './terms.mjs';

/** The rule for documents: terms in prose; code stays as it is. */
const terminology = (context) => ({
  [context.Syntax.Str](node) {
    for (const { index, found, instead } of findTerms(context.getSource(node))) {
      const padding = context.locator.range([index, index + found.length]);
      context.report(node, new context.RuleError(`"${found}": write ${instead}`, { padding }));
    }
  },
});

const kernel = new TextlintKernel();

/** Checks a Markdown document. */
export async function checkDocument(path, source) {
  const { messages } = await kernel.lintText(source, {
    ext: '.md',
    filePath: path,
    plugins: [{ pluginId: 'markdown', plugin: markdown.default ?? markdown }],
    rules: [{ ruleId: 'terminology', rule: terminology }],
  });
  return messages.map(({ line, message }) => ({ path, line, message }));
}

/** Checks a source file: its name, comments, texts and the names that it declares. */
export function checkSource(path, source) {
  const findings = findParts(basename(path)).map(({ found, instead }) => ({ path, line: 1, message: `"${found}": write ${instead}` }));
  for (const { kind, text, position } of pieces(path, source)) {
    const add = (offset, message) => findings.push({ path, line: lineAt(source, position + offset), message: `${kind}: ${message}` });
    if (kind === 'name') {
      for (const { found, instead } of findParts(text)) add(0, `"${found}": write ${instead}`);
      continue;
    }
    for (const { index, found, instead } of findTerms(text)) add(index, `"${found}": write ${instead}`);
    if (kind === 'doc comment' && STARTS.test(text.trim())) {
      add(0, `begins with "${text.trim().split(/\s/, 1)[0]}": begin with a verb, or with "A" or "The" and a noun`);
    }
  }
  return findings;
}

/** Checks a file by its kind. */
export async function checkFile(path, source) {
  return path.endsWith('.md') ? checkDocument(path, source) : checkSource(path, source);
}

function pieces(path, source) {
  if (/\.[cm]?[jt]s$/.test(path)) return readScript(path, source);
  return /\.(?:cpp|h|c)$/.test(path) ? readNative(source) : readShell(source);
}

function lineAt(source, position) {
  return source.slice(0, position).split('\n').length;
}
