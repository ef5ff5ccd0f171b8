// The declarations of generated modules, as the package has them: behind those of the family's own module, with less indentation, and
// without comments that only repeat the name.

/** The line behind which the declarations of the generated module begin. */
const MARK = '// Of the specification:';

/** A comment of the generator that has only the name. */
const REPEATED =
  /^\/\*\* The (?:attributes of the set|descriptor of the family|event|flags of|names of|reply to|request of|struct|types of the family) [^\s.;]+(?:; a value without a name is a number)?\. @public \*\/\n/gm;

/** Returns the declarations of a family: its own, then those of its generated module. */
export function joinDeclarations(own, generated) {
  const short = generated.replace(REPEATED, '').replaceAll(/ @public \*\/$/gm, ' */');
  return `${own}${MARK}\n${short.replaceAll("from '../../", "from '../")}`;
}

/** Returns the declarations of a family with a comment for each export: API Extractor needs a release tag. */
export function withReleaseTags(text) {
  const at = generatedStart(text);
  if (at < 0) return text;
  const declarations = text.slice(at).replaceAll(/ \*\/\n(?=export )/g, ' @public */\n');
  return text.slice(0, at) + declarations.replaceAll(/(?<!\*\/\n)^export /gm, '/** Part of the specification. @public */\n$&');
}

/** Returns the place in the declarations of a family where those of its generated module begin; -1 if it has none. */
export function generatedStart(text) {
  return text.indexOf(`${MARK}\n`);
}

/** Returns declarations with one blank instead of four for each level. */
export function withLessIndentation(text) {
  return text.replaceAll(/^(?: {4})+/gm, (indentation) => ' '.repeat(indentation.length / 4));
}
