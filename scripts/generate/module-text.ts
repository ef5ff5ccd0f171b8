import { createHash } from 'node:crypto';
import { schemaOfSpecification } from '../../lib/codegen/generate.js';
import { describeProperties } from '../../lib/codegen/write/describe-properties.js';
import { writeFamily } from '../../lib/codegen/write/write-family.js';
import type { Specification } from './specifications.js';

/** The name and the text of a generated module. */
export interface GeneratedModule {
  /** The name of the file without folder, e.g. `rt-link.ts`. */
  readonly file: string;
  readonly text: string;
}

/** Returns the module of a specification. */
export function moduleText({ file, text, origin }: Specification, note: (text: string) => void): GeneratedModule {
  const schema = schemaOfSpecification(text, file, note);
  const digest = createHash('sha256').update(text).digest('hex');
  return { file: `${schema.source}.ts`, text: writeFamily(schema, `${origin}, sha256 ${digest}`, describeProperties(text, file)) };
}
