import { Unknown, type UnknownAttribute } from './unknown.js';

/** An unknown attribute and its place in a value. @public */
export interface LocatedAttribute {
  /** The object that keeps it, e.g. `.linkinfo`; empty for the message itself. */
  readonly path: string;
  /** Its type and its bytes. */
  readonly attribute: UnknownAttribute;
}

/**
 * Lists the attributes in a value that its schema does not describe, at any depth.
 *
 * @public
 */
export function unknownAttributes(value: unknown): LocatedAttribute[] {
  const found: LocatedAttribute[] = [];
  collect(value, '', found);
  return found;
}

function collect(value: unknown, path: string, found: LocatedAttribute[]): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, found);
    return;
  }
  for (const attribute of (value as { [Unknown]?: readonly UnknownAttribute[] })[Unknown] ?? []) found.push({ path, attribute });
  for (const [name, member] of Object.entries(value)) collect(member, `${path}.${name}`, found);
}
