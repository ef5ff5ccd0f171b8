import { isConcealed, isSecret } from '../../schema/internal.js';
import { hexText } from '../../wire/internal.js';

const labels = new Map<string, number>();

/** Prints a secret, e.g. `<secret 1, 32 bytes>`; equal secrets get the same number. @internal */
export function secretLabel(value: unknown): string {
  const isView = ArrayBuffer.isView(value);
  const content = isView ? hexText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : String(value);
  const key = `${isView ? 'bytes' : typeof value} ${content}`;
  let label = labels.get(key);
  if (label === undefined) labels.set(key, (label = labels.size + 1));
  return `<secret ${label}${isView ? `, ${value.byteLength} bytes` : ''}>`;
}

/**
 * Returns the names of all properties that hold secrets anywhere in some values.
 *
 * Only decoded values are marked as secrets. The expected values of a test are found by the names of their properties.
 *
 * @internal
 */
export function secretProperties(values: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return;
    seen.add(value);
    for (const [name, member] of Object.entries(value)) {
      if (isSecret(member) || isConcealed(value, name)) names.add(name);
      else visit(member);
    }
  };
  values.forEach(visit);
  return names;
}
