import { filter, defer, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Drops rows of a dump that repeat the key of an earlier row.
 *
 * ```text
 * source:  --a--b--a--c--|      the kernel repeats a at the beginning of its second datagram
 * result:  --a--b-----c--|
 * ```
 *
 * @param paths - Paths of the properties that form the key; a property is a scalar or absent.
 * @internal
 */
export function dropRepeats<T extends object>(paths: readonly (readonly string[])[]): MonoTypeOperatorFunction<T> {
  return (source) =>
    defer(() => {
      const seen = new Set<string>();
      return source.pipe(
        filter((row) => {
          const key = JSON.stringify(paths.map((path) => String(valueAt(row, path))));
          const { size } = seen;
          return seen.add(key).size > size;
        }),
      );
    });
}

function valueAt(row: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, property) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[property] : undefined),
    row,
  );
}
