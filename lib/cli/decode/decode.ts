import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { Observable, from } from 'rxjs';
import type { Action, Call } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { Protocol, iterateMessages } from '../../wire/index.js';
import type { LoggedDatagram } from './input/logged-datagram.js';
import { readDatagrams } from './input/read-datagrams.js';
import { FamilyCatalog } from './message/family-catalog.js';
import { MessagePrinter } from './message/message-printer.js';
import { protocolOption } from './protocol-names.js';

/** The datagrams that are printed in one turn of the event loop. */
const AT_ONCE = 50;

/** `rxnetlink decode` prints the messages of a file. */
export const action: Action = (call) =>
  new Observable<ExitCode>((subscriber) => {
    from(decode(call, () => subscriber.closed)).subscribe(subscriber);
  });

async function decode({ words, options, output }: Call, isEnded: () => boolean): Promise<ExitCode> {
  const [path = '-'] = words;
  const protocol = typeof options['protocol'] === 'string' ? protocolOption(options['protocol']) : Protocol.Route;
  const datagrams = readDatagrams(path === '-' ? await buffer(process.stdin) : readFileSync(path), protocol);
  const catalog = new FamilyCatalog();
  for (const datagram of datagrams) learnFamilies(catalog, datagram);
  const printer = new MessagePrinter(output, options['json'] === true, catalog);
  for (const [index, datagram] of datagrams.entries()) {
    if (isEnded()) break;
    await printer.print(datagram);
    // A long file must not keep Node from Ctrl-C and from a reader that ended.
    if (index % AT_ONCE === 0) await setImmediate();
  }
  return printer.faults === 0 ? ExitCode.Success : ExitCode.Failure;
}

/** Remembers the families that the controller names anywhere in the file, also behind their first message. */
function learnFamilies(catalog: FamilyCatalog, { protocol, bytes }: LoggedDatagram): void {
  if (protocol !== Protocol.Generic) return;
  try {
    for (const message of iterateMessages(bytes)) catalog.learn(message);
  } catch {
    // The datagram is malformed: the decoder reports the place.
  }
}
