import { docs } from '../docs/index.js';
import { mendSpec } from '../generate.js';
import { PropertyDocs } from './property-docs.js';

/**
 * Returns the doc comments of the properties of a family: those of this project, else those of the specification.
 *
 * @param text - The specification, YAML.
 * @param file - The name of the file without folder, e.g. `rt-link.yaml`.
 * @internal
 */
export function describeProperties(text: string, file: string): PropertyDocs {
  return new PropertyDocs(
    mendSpec(text, file, () => undefined),
    docs[file.replace(/\.yaml$/, '')],
  );
}
