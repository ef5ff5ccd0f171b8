import { filter, defer, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Drops rows of a dump that repeat the key of an earlier row.
 *
 * ```text
 * source:  --a--b--a--c--|      the kernel began its second datagram with a again
 * result:  --a--b-----c--|
 * ```
 *
 * @param paths - Paths of the properties that make up the key: scalars, or nothing.
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
