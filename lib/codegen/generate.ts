import { applyOverlay } from './apply-overlay.js';
import type { NoteTaker } from './report-unlisted-attributes.js';
import { overlays } from './overlays/index.js';
import { reportSharedNames } from './report-shared-names.js';
import { parseSpec, readFamily } from './read/read-family.js';
import type { FamilySchema } from '../schema/index.js';

/**
 * Converts the text of a specification to a descriptor; applies the overlay for the file, if there is one.
 *
 * @param text - The specification, YAML.
 * @param file - The name of the file without folder, e.g. `rt-link.yaml`; it selects the overlay.
 * @param note - Receives notes about harmless oddities and obsolete overlay entries.
 * @throws {@link SpecError} if the specification holds anything that the generator does not support.
 * @internal
 */
export function schemaOfSpecification(text: string, file: string, note: NoteTaker): FamilySchema {
  const schema = readFamily(mendSpec(text, file, note), file, note);
  reportSharedNames(schema, note);
  return schema;
}

/** Returns the parsed specification with its overlay, before it is checked. @internal */
export function mendSpec(text: string, file: string, note: NoteTaker): unknown {
  const spec = parseSpec(text, file);
  const overlay = overlays.find(({ source }) => `${source}.yaml` === file);
  return overlay === undefined ? spec : applyOverlay(spec, overlay, note);
}
