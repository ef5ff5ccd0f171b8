/** Text whose characters take one column each. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** The blocks of Unicode's EastAsianWidth.txt whose characters are wide (W) or fullwidth (F); emoji have a property of their own. */
const WIDE_BLOCKS: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x1f300, 0x1f320],
  [0x20000, 0x3fffd],
];

/** The tools for other text. They are made at the first use: most tables are plain, and these expressions take milliseconds to compile. */
interface Unicode {
  readonly segmenter: Intl.Segmenter;
  /** A character that takes place. */
  readonly visible: RegExp;
  /** A character that is wide by itself, or that the selector behind it makes a picture. */
  readonly emoji: RegExp;
}

let unicode: Unicode | undefined;

function unicodeTools(): Unicode {
  return (unicode ??= {
    segmenter: new Intl.Segmenter(),
    visible: /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u,
    emoji: /^(?:\p{Regional_Indicator}{2}|\p{Emoji}\ufe0f|(?!\p{Regional_Indicator})\p{Emoji_Presentation})/u,
  });
}

/** Returns the number of columns that text takes on a terminal. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of unicodeTools().segmenter.segment(text)) width += segmentWidth(segment);
  return width;
}

/** Returns as much of text as fits in so many columns, the last one an ellipsis if some does not. */
export function cutOff(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  let cut = '';
  let width = 0;
  for (const { segment } of unicodeTools().segmenter.segment(text)) {
    width += segmentWidth(segment);
    if (width > room - 1) break;
    cut += segment;
  }
  return room > 0 ? `${cut}…` : '';
}

/** A character with its marks takes the columns of the character. */
function segmentWidth(segment: string): number {
  const { visible, emoji } = unicodeTools();
  const start = segment.search(visible);
  if (start < 0) return 0;
  const code = segment.codePointAt(start)!;
  return emoji.test(segment) || WIDE_BLOCKS.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
