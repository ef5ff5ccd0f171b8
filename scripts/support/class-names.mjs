/**
 * Gives a class its own name again. esbuild writes `var EncodeError = class _EncodeError` for a class that names itself, and Node.js prints
 * `_EncodeError` for an error that is not caught. The inner name hides the variable in the class only, where both are the class.
 */
export function withClassNames(source) {
  return [...source.matchAll(/\b(\w+)=class _\1\b/g)].reduce(
    (text, [, name]) => text.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name),
    source,
  );
}
