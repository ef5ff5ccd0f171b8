import type { FamilySchema } from '../descriptor/descriptor.js';

/**
 * Names the object of a request: `interface 'eth9', kind 'veth'`.
 *
 * @param value - The request, decoded.
 * @returns The words that {@link ObjectSchema} declares; undefined if the request has none of the properties, or nothing is declared.
 * @internal
 */
export function requestObject({ objects = [] }: FamilySchema, operation: string, value: object): string | undefined {
  const words = objects.find(({ operations }) => operations.includes(operation))?.words ?? [];
  let text = '';
  let previous = '';
  for (const [lead = '', ...properties] of words) {
    // A prefix length is shown only after its address.
    previous = lead === '/' && previous === '' ? '' : worded(lead, properties, value);
    text += previous;
  }
  return text === '' ? undefined : text.replace(/^,? /, '');
}

function worded(lead: string, properties: readonly string[], value: object): string {
  if (properties.length === 0) return lead;
  for (const property of properties) {
    const text = shown(propertyAt(value, property), lead.endsWith('0x') ? 16 : 10);
    if (text !== undefined) return `${lead}${text}`;
  }
  return '';
}

/** Quotes text, except addresses; prints numbers, except 0, which means that the caller gave none. */
function shown(value: unknown, radix: number): string | undefined {
  if (typeof value === 'string') return /^[0-9a-f.:]*[.:][0-9a-f.:]*$/i.test(value) ? value : `'${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 0 ? undefined : value.toString(radix);
  return undefined;
}

/** Returns the value at the end of a path, e.g. `linkinfo.kind`. @internal */
export function propertyAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
