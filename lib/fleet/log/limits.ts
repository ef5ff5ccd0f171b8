/** The most shards of a table, and the most cells of a fleet: each is a subject or a stream of the server. @internal */
export const MAX_SHARDS = 1024;

/** The most bytes of a message after inflation: a small message must not fill the memory of a reader, or take its time. @internal */
export const MAX_TEXT: number = 8 * 1024 * 1024;

/** The most rows of a message, those that it removes included. @internal */
export const MAX_ROWS = 65_536;

/** A message that exceeds a limit of readers. @internal */
export class LimitError extends Error {}

/** @throws LimitError for a number of shards that no agent has. @internal */
export function checkShards(shards: number): void {
  if (shards > MAX_SHARDS) throw new LimitError(`of: ${shards} shards; the limit is ${MAX_SHARDS}`);
}

/** @throws LimitError for more rows than a message may have. @internal */
export function checkRows(rows: number): void {
  if (rows > MAX_ROWS) throw new LimitError(`${rows} rows; the limit is ${MAX_ROWS}`);
}
