import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Observable, from } from 'rxjs';
import type { Action, Call } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { Protocol, iterateMessages } from '../../wire/index.js';
import type { LoggedDatagram } from './input/logged-datagram.js';
import { openInput } from './input/open-input.js';
import { readDatagrams } from './input/read-datagrams.js';
import { FamilyCatalog } from './message/family-catalog.js';
import { MessagePrinter } from './message/message-printer.js';
import { protocolOption } from './protocol-names.js';

/** The datagrams that are printed in one turn of the event loop. */
const AT_ONCE = 50;

/** `rxnetlink decode` prints the messages of a file. */
export const action: Action = (call) =>
  new Observable<ExitCode>((subscriber) => {
    const open = (path: string): Readable => {
      const input = openInput(path);
      // An input that does not end keeps Node from its own end.
      subscriber.add(() => input.destroy());
      return input;
    };
    from(decode(call, open, () => subscriber.closed)).subscribe(subscriber);
  });

async function decode({ words, options, output }: Call, open: (path: string) => Readable, isEnded: () => boolean): Promise<ExitCode> {
  const [path = '-'] = words;
  const protocol = typeof options['protocol'] === 'string' ? protocolOption(options['protocol']) : Protocol.Route;
  const read = (): AsyncIterable<LoggedDatagram> => readDatagrams(open(path), protocol);
  const catalog = new FamilyCatalog();
  // A pipe can be read only once.
  let mayLearn = path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const printer = new MessagePrinter(output, options['json'] === true, catalog);
  let count = 0;
  for await (const datagram of read()) {
    if (isEnded()) break;
    if (mayLearn && datagram.protocol === Protocol.Generic) {
      mayLearn = false;
      await learnAll(catalog, read(), isEnded);
    }
    await printer.print(datagram);
    // A long file must not keep Node from Ctrl-C and from a reader that ended.
    if (count++ % AT_ONCE === 0) await setImmediate();
  }
  return printer.faults === 0 ? ExitCode.Success : ExitCode.Failure;
}

/** Reads a whole file for the families in it, when the first message of one comes: the controller may name it only behind that. */
async function learnAll(catalog: FamilyCatalog, datagrams: AsyncIterable<LoggedDatagram>, isEnded: () => boolean): Promise<void> {
  try {
    for await (const datagram of datagrams) {
      if (isEnded()) return;
      learnFamilies(catalog, datagram);
    }
  } catch {
    // The reading that prints reports the fault, after the messages before it.
  }
}

/** Remembers the families that the controller names in a datagram. */
function learnFamilies(catalog: FamilyCatalog, { protocol, bytes }: LoggedDatagram): void {
  if (protocol !== Protocol.Generic) return;
  try {
    for (const message of iterateMessages(bytes)) catalog.learn(message);
  } catch {
    // The datagram is malformed: the decoder reports the place.
  }
}
