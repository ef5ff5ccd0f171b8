import type { AttributeSchema, FillSchema } from '../descriptor/descriptor.js';
import { isRecord } from '../codec/encode-context.js';

type Value = Readonly<Record<string, unknown>>;

/** Returns a value of a set with everything that the kernel needs and does not report, and without what it reports twice. @internal */
export type Completion = (value: Value) => Value;

/**
 * Makes the completion of a set's values in requests that change something; undefined if no attribute of the set has a rule for it.
 *
 * @internal
 */
export function completionOf(attributes: readonly AttributeSchema[]): Completion | undefined {
  const completions = attributes.flatMap(({ property, write }) => [
    ...(write?.fill === undefined ? [] : [filling(property, write.fill)]),
    ...(write?.alsoIn === undefined ? [] : [separating(property, write.alsoIn)]),
  ]);
  if (completions.length === 0) return undefined;
  return (value) => completions.reduce((completed, complete) => complete(completed), value);
}

function filling(property: string, { beside, size, ramp, member }: FillSchema): Completion {
  let bytes: Uint8Array | undefined;
  return (value) => {
    const needed = valueAt(value, beside);
    if (needed === undefined || needed === 0 || valueAt(value, [property]) !== undefined) return value;
    bytes ??= fillBytes(size, ramp);
    const filled = { ...value, [property]: bytes };
    return member === undefined || (valueAt(value, member.path) ?? 0) !== 0 ? filled : withValueAt(filled, member.path, member.value);
  };
}

/** Zeros, or numbers that rise evenly and end with the greatest. */
function fillBytes(size: number, ramp: FillSchema['ramp']): Uint8Array {
  const bytes = new Uint8Array(size);
  if (ramp === undefined) return bytes;
  return bytes.map((_zero, at) => (at === size - 1 ? ramp.to : Math.min(ramp.to, Math.floor((at * ramp.to) / ramp.over))));
}

/** Clears the member if the bitfield has all of its bits; others are for the kernel to refuse. */
function separating(property: string, path: readonly string[]): Completion {
  return (value) => {
    const [bits, copy] = [valueAt(value, [property, 'value']), valueAt(value, path)];
    if (typeof bits !== 'number' || typeof copy !== 'number' || copy === 0 || (copy & ~bits) !== 0) return value;
    return withValueAt(value, path, 0);
  };
}

function valueAt(value: unknown, [property, ...inside]: readonly string[]): unknown {
  if (property === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, property) ? valueAt(value[property], inside) : undefined;
}

function withValueAt(value: Value, [property, ...inside]: readonly string[], replacement: number): Value {
  const inner = value[property!];
  return { ...value, [property!]: inside.length === 0 ? replacement : withValueAt(inner as Value, inside, replacement) };
}
