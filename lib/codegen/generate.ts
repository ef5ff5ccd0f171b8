import { applyOverlay } from './apply-overlay.js';
import type { NoteTaker } from './report-unlisted-attributes.js';
import { overlays } from './overlays/index.js';
import { reportSharedNames } from './report-shared-names.js';
import { parseSpec, readFamily } from './read/read-family.js';
import type { FamilySchema } from '../schema/index.js';

/**
 * Turns the text of a specification into a descriptor, mended by this project's overlay if there is one for it.
 *
 * @param text - The specification, YAML.
 * @param file - Its file's name without folder: `rt-link.yaml`; it chooses the overlay.
 * @param note - Takes what is odd but does no harm, and overlay entries that are not needed any more.
 * @throws {@link SpecError} at anything that is not understood.
 * @internal
 */
export function describeFamily(text: string, file: string, note: NoteTaker): FamilySchema {
  const schema = readFamily(mendSpec(text, file, note), file, note);
  reportSharedNames(schema, note);
  return schema;
}

/** The parsed specification with the overlay, before anything is checked. @internal */
export function mendSpec(text: string, file: string, note: NoteTaker): unknown {
  const spec = parseSpec(text, file);
  const overlay = overlays.find(({ source }) => `${source}.yaml` === file);
  return overlay === undefined ? spec : applyOverlay(spec, overlay, note);
}
