import { wrongValue, type DataType } from './data-type.js';
import { plainInteger } from './integers.js';

/** Bits of the labels of a connection. */
const BITS = 128;

/** Labels of a connection by their numbers: `5`, `'5,6'`. Bit 0 is the lowest of the first byte. @internal */
export const LABELS: DataType = {
  ...plainInteger(BITS, 'host'),
  name: 'ct_label',
  number: 30,
  isFlags: true,
  hasRanges: false,
  parse(value, path) {
    const bytes = Buffer.alloc(BITS / 8);
    for (const part of typeof value === 'string' ? value.split(/\s*,\s*/) : [value]) {
      const label = typeof part === 'string' && /^\d{1,3}$/.test(part) ? Number(part) : part;
      if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label >= BITS)
        throw wrongValue(path, `labels from 0 to ${BITS - 1}`, value);
      bytes[label >> 3]! |= 1 << (label & 7);
    }
    return bytes;
  },
  print(bytes) {
    const labels = Array.from({ length: BITS }, (_, label) => label).filter((label) => (bytes[label >> 3]! & (1 << (label & 7))) !== 0);
    return labels.length === 1 ? labels[0]! : labels.join(',');
  },
};
