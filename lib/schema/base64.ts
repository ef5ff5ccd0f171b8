/**
 * Reads base64 text in its one canonical form: padded, without blanks, unused bits zero.
 *
 * @returns The bytes; undefined if the text is not of that form.
 * @internal
 */
export function parseBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined;
}
