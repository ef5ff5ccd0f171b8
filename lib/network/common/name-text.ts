/**
 * Names an object by its parts, as the tag of a template. A part that is not given is omitted together with the words before it:
 * `10.0.0.1/24 on eth0` without its link is `10.0.0.1/24`.
 *
 * @internal
 */
export function nameText(words: TemplateStringsArray, ...parts: readonly unknown[]): string {
  const given = parts.map((part, position) => (part === undefined || part === null ? '' : `${words[position]!}${part as string}`));
  return [...given, words.at(-1)!].join('').trim();
}
