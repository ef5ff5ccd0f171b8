import { SetElemFlags, type DataAttrs, type SetelemAttrs } from '../../../families/nftables.js';
import { elementsOfRows, elementText, type SetLayout } from '../../../network/internal.js';
import { words } from './sentence.js';

/** Keys that are printed of an event with very many elements. */
const PRINTED = 8;

/** Returns the elements of a message in words: `element 10.0.0.1`, `element 10.0.0.1 : accept`. */
export function elementsText(elements: readonly SetelemAttrs[], layout: SetLayout | undefined): string {
  const texts = elements.slice(0, PRINTED).map((element) => textOf(element, layout) ?? digitsOf(element));
  const noun = elements.length === 1 ? 'element' : `${String(elements.length)} elements`;
  return words(noun, texts.join(', '), elements.length > PRINTED && '...');
}

/**
 * Returns an element in the words of its set. An interval of single keys has two elements: `from 10.0.0.1`, and `before 10.0.0.10` for the first key
 * behind it.
 */
function textOf(row: SetelemAttrs, layout: SetLayout | undefined): string | undefined {
  if (layout === undefined) return undefined;
  const { types, isInterval } = layout;
  const isHalf = isInterval && types.length === 1;
  try {
    const [element] = elementsOfRows({ types, isInterval: isInterval && !isHalf }, [row]);
    const text = element && elementText(layout, element);
    if (text === undefined || !isHalf || element?.key === undefined) return text;
    return `${isEnd(row) ? 'before' : 'from'} ${text}`;
  } catch {
    // A kernel that is newer than this library has other forms.
    return undefined;
  }
}

function digitsOf(row: SetelemAttrs): string {
  const { key, keyEnd } = row;
  const range = `${hexText(key)}${keyEnd === undefined ? '' : `-${hexText(keyEnd)}`}`;
  return isEnd(row) ? `before ${range}` : range;
}

function isEnd({ flags = 0 }: SetelemAttrs): boolean {
  return (flags & SetElemFlags.IntervalEnd) !== 0;
}

function hexText(key: DataAttrs | undefined): string {
  return key?.value === undefined ? '' : `0x${Buffer.from(key.value).toString('hex')}`;
}
