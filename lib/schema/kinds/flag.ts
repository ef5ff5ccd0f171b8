import { show } from '../codec/encode-context.js';
import type { Kind } from '../codec/kind.js';

/** Present or absent, without a payload: `true`. Written if true, omitted if false. @internal */
export const flag: Kind = {
  fields: ['scalar'],
  policyTypes: ['flag'],
  typeText: () => 'boolean',
  decode: () => (_words, _bytes, start, end) => (end === start ? true : undefined),
  source: () => ({ fits: 'length === 4', value: 'true' }),

  encode: () => (context, given) => {
    if (given !== true) context.fail(`${show(given)} is not true`);
  },

  encodeAttribute(_encoders, _set, { id }) {
    return (context, value) => {
      if (typeof value !== 'boolean') context.fail(`${show(value)} is not a boolean`);
      if (value) context.writer.closeAttribute(context.writer.openAttribute(id));
    };
  },
  accepts: (given) => typeof given === 'boolean',
};
