import { FieldError } from './field-error.js';

/** Returns the path of a name in a rule or a link: `.then[0].jump`. @internal */
export function placeOf(value: unknown, name: string): string | undefined {
  if (value === name || value === `@${name}`) return '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'comment' || key === 'alias') continue;
    const place = placeOf(inner, name);
    if (place !== undefined) return `${Array.isArray(value) ? `[${key}]` : `.${key}`}${place}`;
  }
  return undefined;
}

/** Returns the error for a link that a document names, and that neither exists nor is listed. @internal */
export function unknownLink(path: string, name: string): FieldError {
  return new FieldError(path, `no link is named '${name}', and the document creates none`, 'unknown-name');
}
