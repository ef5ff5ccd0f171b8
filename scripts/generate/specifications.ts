import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSpec } from '../../lib/codegen/read/read-family.js';
import { SpecError } from '../../lib/codegen/spec-error.js';

/** The folder of the specifications that this project has written. */
export const OWN: string = fileURLToPath(new URL('../../specs/', import.meta.url));

/** A specification to generate a module from. */
export interface Specification {
  /** The name of the file without folder, e.g. `rt-link.yaml`. */
  readonly file: string;
  readonly text: string;
  /** The name for the header of the module: `rt-link.yaml`, or `specs/rt-nsid.yaml` for an own one. */
  readonly origin: string;
}

/** Returns the specifications of this project, in the order of their names. */
export function ownSpecifications(folder: string = OWN): Specification[] {
  return read(folder, 'specs/');
}

/**
 * Returns the specifications of the kernel and those of this project, own ones last.
 *
 * @param kernel - The folder of the kernel's specifications; without it only the own ones are read.
 * @throws {@link SpecError} if both have a file of the same name, unless the own one contains `replaces-kernel: true`.
 */
export function allSpecifications(kernel?: string, own: string = OWN): Specification[] {
  const written = ownSpecifications(own);
  if (kernel === undefined) return written;
  const theirs = read(kernel, '');
  if (theirs.length === 0) throw new SpecError(kernel, '', 'contains no .yaml files');
  const replaced = new Set<string>();
  for (const { file, text, origin } of written) {
    if (!theirs.some((other) => other.file === file)) continue;
    if ((parseSpec(text, file) as Readonly<Record<string, unknown>>)['replaces-kernel'] !== true)
      throw new SpecError(origin, '', `the kernel has a specification of this name; remove this one, or add 'replaces-kernel: true' to it`);
    replaced.add(file);
  }
  return [...theirs.filter(({ file }) => !replaced.has(file)), ...written];
}

function read(folder: string, prefix: string): Specification[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8'), origin: `${prefix}${file}` }));
}
