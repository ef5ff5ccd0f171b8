import { docs } from '../docs/index.js';
import { mendSpec } from '../generate.js';
import { PropertyDocs } from './property-docs.js';

/**
 * Collects the doc comments of a family's properties: this project's, then the specification's.
 *
 * @param text - The specification, YAML.
 * @param file - Its file's name without folder: `rt-link.yaml`.
 * @internal
 */
export function describeProperties(text: string, file: string): PropertyDocs {
  return new PropertyDocs(
    mendSpec(text, file, () => undefined),
    docs[file.replace(/\.yaml$/, '')],
  );
}
