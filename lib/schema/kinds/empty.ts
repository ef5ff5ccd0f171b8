import type { Kind } from '../codec/kind.js';

function emptyKind(empty: 'skipped' | 'unknown'): Kind {
  return {
    fields: [],
    policyTypes: [],
    typeText: () => 'never',
    decode: () => () => undefined,
    source: () => ({ fits: 'false', value: 'undefined' }),
    encode: () => (context) => context.fail('attributes of this type carry no value'),
    accepts: () => false,
    empty,
  };
}

/** Padding: never shown, never written. @internal */
export const pad: Kind = emptyKind('skipped');

/** A number without a meaning: never written; a received one is an unknown attribute. @internal */
export const unused: Kind = emptyKind('unknown');
