/**
 * Returns an unsigned hash of a text, which spreads hosts over streams and rows over shards (FNV-1a, over UTF-16).
 *
 * All agents and readers of a fleet must have the same one.
 *
 * @internal
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  // The low bits alone depend on the low bits of the characters.
  return (hash ^ (hash >>> 15)) >>> 0;
}
