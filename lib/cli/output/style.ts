/** Functions that put text in a colour; without colours they return it as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
  readonly marked: (text: string) => string;
}

/** SGR parameters of ECMA-48: the ones that begin and end each style. */
const CODES = { bold: [1, 22], faint: [2, 22], green: [32, 39], yellow: [33, 39], red: [31, 39], marked: [7, 27] } as const;

/** Returns the styles of a terminal; without `colours` none of them changes the text. */
export function style(colours: boolean): Style {
  const entries = Object.entries(CODES).map(([name, [begin, end]]) => [
    name,
    (text: string) => (colours && text !== '' ? `\u001b[${String(begin)}m${text}\u001b[${String(end)}m` : text),
  ]);
  return Object.fromEntries(entries) as Style;
}
