/**
 * Returns the lines of a text as they arrive: those that a chunk completes, together.
 *
 * @throws TypeError if the bytes are not UTF-8.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = '';
  for await (const chunk of chunks) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split('\n');
    begun = lines.pop()!;
    yield lines;
  }
  yield [begun + decoder.decode()];
}
