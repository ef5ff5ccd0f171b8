/** One command of a recording, and what it printed, with the colours of a terminal (SGR). */
export interface Recorded {
  readonly command: string;
  readonly output: string;
}

const FONT_SIZE = 13;
/** The advance of a monospaced character, and the distance of lines, in pixels. */
const ADVANCE = 7.83;
const LINE_HEIGHT = 19;
const PADDING = 18;
const BAR_HEIGHT = 34;

/** The look of SGR parameters; those that the command uses. */
const STYLES: Readonly<Record<string, string>> = {
  '1': 'font-weight="700" fill="#e6edf3"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff7b72"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
};

/** Blanks that a viewer does not join: the columns of a table depend on them. */
const BLANK = '\u00a0';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', BLANK);

/** Returns a line as the contents of a `text` element. */
function spans(line: string): string {
  let style: string | undefined;
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const [, code] = /^\u001b\[(\d+)m$/.exec(part) ?? [];
      if (code !== undefined) {
        style = STYLES[code];
        return '';
      }
      return part === '' ? '' : style === undefined ? escaped(part) : `<tspan ${style}>${escaped(part)}</tspan>`;
    })
    .join('');
}

/** Returns the lines of a recording, without colours. */
export function plainLines(recorded: readonly Recorded[]): string[] {
  return recorded.flatMap(({ command, output }) => [`$ ${command}`, ...output.replaceAll(/\u001b\[\d+m/g, '').split('\n')]);
}

/** Returns the text of a picture: its lines, without colours. */
export function linesOfSvg(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, text]) =>
    text!
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(BLANK, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
}

/** Returns a picture of a terminal with a recording. */
export function terminalSvg(recorded: readonly Recorded[]): string {
  const lines = recorded.flatMap(({ command, output }, index) => [
    ...(index === 0 ? [] : ['']),
    `\u001b[32m$\u001b[39m \u001b[1m${command}\u001b[22m`,
    ...output.split('\n'),
  ]);
  const columns = Math.max(...lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').length));
  const width = Math.ceil(columns * ADVANCE + 2 * PADDING);
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + PADDING;
  const rows = lines.map((line, index) => {
    const y = BAR_HEIGHT + (index + 1) * LINE_HEIGHT - 4;
    return line === '' ? '' : `<text x="${String(PADDING)}" y="${String(y)}">${spans(line)}</text>\n`;
  });
  const dots = ['#ff5f56', '#ffbd2e', '#27c93f'].map(
    (colour, index) => `<circle cx="${String(PADDING + 2 + index * 18)}" cy="${String(BAR_HEIGHT / 2)}" r="5.5" fill="${colour}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="A terminal with rxnetlink">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${dots.join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(FONT_SIZE)}" fill="#c9d1d9">
${rows.join('')}</g>
</svg>
`;
}
