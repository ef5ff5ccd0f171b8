// Closes the classes of declaration files against what `stripInternal` opens: without its internal constructor a class seems to
// have that of its base class, and without its internal members an object literal seems to be an instance.
import ts from 'typescript';

const isInternal = (node) => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
const isStatic = (node) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);

/** Returns the classes at the top of a file, by name. */
function classesOf(name, text) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  return new Map(file.statements.filter(ts.isClassDeclaration).map((node) => [node.name.text, node]));
}

/**
 * Returns a declaration file with a private constructor for each class whose constructor is internal, and with the mark of
 * private fields (`#private`, as the compiler writes it) for each class that has internal members.
 *
 * @param declarations - The text of the declaration file.
 * @param source - The text of the module that it declares.
 */
export function closeClasses(declarations, source) {
  if (!source.includes('@internal')) return declarations;
  const sources = classesOf('source.ts', source);
  const edits = [];
  for (const [name, node] of classesOf('declarations.d.ts', declarations)) {
    const internal = sources.get(name).members.filter(isInternal);
    const added = [];
    const isMarked = node.members.some((member) => member.name !== undefined && ts.isPrivateIdentifier(member.name));
    if (!isMarked && internal.some((member) => !ts.isConstructorDeclaration(member) && !isStatic(member))) added.push('#private;');
    if (internal.some(ts.isConstructorDeclaration)) added.push('private constructor();');
    if (added.length > 0) edits.push({ at: node.members.pos, text: added.map((line) => `\n    ${line}`).join('') });
  }
  return edits.reduceRight((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), declarations);
}
