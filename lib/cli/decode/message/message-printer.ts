import type { Output } from '../../output/output.js';
import type { LoggedDatagram } from '../input/logged-datagram.js';
import { FamilyCatalog } from './family-catalog.js';
import { MessageDecoder } from './message-decoder.js';
import { messageLines } from './message-lines.js';
import { jsonText } from '../../output/json-text.js';

/** Prints the messages of datagrams: as text, or one JSON object a line. */
export class MessagePrinter {
  /** The number of datagrams that were not decoded to their end; a line on standard error names each of them. */
  faults = 0;
  readonly #output: Output;
  readonly #json: boolean;
  readonly #decoder: MessageDecoder;
  #since: number | undefined;

  constructor(output: Output, json: boolean, catalog: FamilyCatalog = new FamilyCatalog()) {
    this.#output = output;
    this.#json = json;
    this.#decoder = new MessageDecoder(catalog);
  }

  async print(datagram: LoggedDatagram): Promise<void> {
    this.#since ??= datagram.time;
    try {
      await this.#decoder.decode(datagram, (message) => {
        this.#output.lines(this.#json ? [jsonText(message)] : messageLines(message, this.#output.style, this.#since));
      });
    } catch (error) {
      this.faults++;
      this.#output.note(`rxnetlink: ${(error as Error).message}`);
    }
  }
}
