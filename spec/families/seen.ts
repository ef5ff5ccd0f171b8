import { describeAttributes, type FamilySchema } from '../../lib/schema/index.js';
import { indexSchema } from '../../lib/schema/descriptor/schema-index.js';
import { variantsOf } from '../../lib/schema/decode/variants.js';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE } from '../../lib/wire/index.js';
import { eventMessages, exchanges, repliesOf } from './play.js';
import type { Capture } from '../../lib/testing/index.js';

/** Returns the attributes of a family that a capture contains, as `set.attribute`. An attribute of a subset counts for the whole set. */
export function seenAttributes(schema: FamilySchema, capture: Capture): Set<string> {
  const seen = new Set<string>();
  const known = new Map(allAttributes(schema).map((name) => [name, name]));
  const own = new Map(schema.sets.map(({ name, subsetOf }) => [name, subsetOf ?? name]));
  const index = indexSchema(schema);
  const replies = exchanges(schema, capture).map(({ recorded, asked }) => ({ op: asked.op, messages: repliesOf(recorded) }));
  const events = eventMessages(schema, capture).map(({ op, message }) => ({ op, messages: [message] }));
  for (const { op, messages } of [...replies, ...events]) {
    const operation = index.operation(op);
    if (operation === undefined) continue;
    const sets = variantsOf(index, operation, (set) => set);
    for (const message of messages) {
      const { bytes } = message;
      const outermost = sets.pick(bytes, MESSAGE_HEADER_SIZE + (schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE), bytes.length);
      const around: (string | undefined)[] = [outermost];
      for (const { depth, inner, type } of describeAttributes(schema, op, bytes)) {
        around.length = depth + 1;
        const set = around[depth];
        around.push(inner);
        if (set === undefined) continue;
        const attribute = index.attributes(set).get(type);
        const name = known.get(`${own.get(set) ?? set}.${attribute?.name ?? ''}`);
        if (name !== undefined) seen.add(name);
      }
    }
  }
  return seen;
}

/** Returns the attributes that a family describes, without padding, and without subsets, whose attributes belong to another set. */
export function allAttributes({ sets }: FamilySchema): string[] {
  return sets
    .filter(({ subsetOf }) => subsetOf === undefined)
    .flatMap(({ name, attributes }) =>
      attributes.filter(({ type }) => type !== 'pad' && type !== 'unused').map((each) => `${name}.${each.name}`),
    );
}
