import type { Output } from './output.js';

/** CSI sequences of ECMA-48 and xterm: the alternate screen, the cursor, and what to erase. */
const Sequence = {
  enter: '\u001b[?1049h\u001b[?25l',
  leave: '\u001b[?25h\u001b[?1049l',
  home: '\u001b[H',
  eraseLine: '\u001b[K',
  eraseBelow: '\u001b[J',
} as const;

/** A full terminal that shows lines, and is given back as it was. Without a terminal, each picture is printed after the one before. */
export class Screen {
  readonly #output: Output;
  #isOpen = false;
  #pictures = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows lines: as many as the terminal has rows; the last one states how many are not shown. */
  show(lines: readonly string[]): void {
    const { rows } = this.#output;
    if (rows === undefined) {
      this.#output.lines(this.#pictures++ === 0 ? lines : ['', ...lines]);
      return;
    }
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#output.text(Sequence.enter);
      this.#output.atEnd(() => {
        this.#output.text(Sequence.leave);
      });
    }
    const fits = lines.length <= rows;
    const shown = fits ? lines : [...lines.slice(0, rows - 1), this.#output.style.faint(`${String(lines.length - rows + 1)} more lines`)];
    this.#output.text(`${Sequence.home}${shown.map((line) => line + Sequence.eraseLine).join('\n')}${Sequence.eraseBelow}`);
  }
}
