/**
 * Returns the name of a Unix socket as text: a path, or an abstract name with `@` instead of its bytes of 0.
 *
 * @param name - The property `name` of a row.
 * @returns An empty text for a socket without a name.
 * @public
 */
export function unixName(name: Uint8Array | undefined): string {
  if (name === undefined || name.byteLength === 0) return '';
  const text = new TextDecoder().decode(name);
  return text.startsWith('\0') ? text.replaceAll('\0', '@') : text.replace(/\0.*$/s, '');
}
