import ts from 'typescript';

/** A piece of a source file that a person reads: a comment, a text, or a name that the file declares. */
const piece = (kind, text, position) => ({ kind, text, position });

/** Reads the comments, the texts with blanks in them, and the declared names of a TypeScript or JavaScript file. */
export function readScript(path, source) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const pieces = [];
  const seen = new Set();
  const addComments = (ranges) => {
    for (const { pos, end } of ranges ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      pieces.push(...commentPieces(source.slice(pos, end), pos));
    }
  };
  const visit = (node) => {
    const children = node.getChildren(file);
    if (children.length === 0) {
      addComments(ts.getTrailingCommentRanges(source, node.getFullStart()));
      addComments(ts.getLeadingCommentRanges(source, node.getFullStart()));
    }
    if (isText(node) && /\s/.test(node.text)) pieces.push(piece('text', node.text, node.getStart(file)));
    if (ts.isIdentifier(node) && isDeclaration(node)) pieces.push(piece('name', node.text, node.getStart(file)));
    for (const child of children) if (child.kind < ts.SyntaxKind.FirstJSDocNode || child.kind > ts.SyntaxKind.LastJSDocNode) visit(child);
  };
  visit(file);
  return pieces;
}

/** Reads the comments and the texts of a C or C++ file. */
export function readNative(source) {
  const pieces = [];
  for (const match of source.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g)) {
    if (match[0].startsWith('"')) {
      if (match[0].includes(' ')) pieces.push(piece('text', match[0].slice(1, -1), match.index));
    } else pieces.push(...commentPieces(match[0], match.index));
  }
  return pieces;
}

/** Reads the comments of a shell script. */
export function readShell(source) {
  return [...source.matchAll(/(?<=^|\s)#(?!!)[^\n]*/g)].map((match) => piece('comment', match[0].slice(1), match.index));
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** Names of properties in object literals and types are often the kernel's, so only own declarations count. */
function isDeclaration(node) {
  const { parent } = node;
  return parent.name === node && !ts.isPropertyAssignment(parent) && !ts.isPropertyAccessExpression(parent);
}

/** Returns a comment without its marks, code fences and inline code; its kind is 'doc comment' or 'comment'. */
function commentPieces(comment, position) {
  const text = comment
    .replace(/^\/\*+|\*+\/$|^\/\//g, '  ')
    .replace(/^[ \t]*\*(?!\/) ?/gm, '')
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/`[^`\n]*`/g, '`code`')
    .replace(/\{@\w+ [^}]*\}/g, '`code`');
  return [piece(comment.startsWith('/**') ? 'doc comment' : 'comment', text, position)];
}
