import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { defer, from, type Observable } from 'rxjs';
import type { Action, Call } from '../command.js';
import { ExitCode } from '../run/exit-code.js';
import { Protocol, iterateMessages } from '../../wire/index.js';
import type { LoggedDatagram } from './input/logged-datagram.js';
import { readDatagrams } from './input/read-datagrams.js';
import { FamilyCatalog } from './message/family-catalog.js';
import { MessagePrinter } from './message/message-printer.js';
import { protocolOption } from './protocol-names.js';

/** `rxnetlink decode` prints the messages of a file. */
export const action: Action = (call) => defer((): Observable<ExitCode> => from(decode(call)));

async function decode({ words, options, output }: Call): Promise<ExitCode> {
  const [path = '-'] = words;
  const protocol = typeof options['protocol'] === 'string' ? protocolOption(options['protocol']) : Protocol.Route;
  const datagrams = readDatagrams(path === '-' ? await buffer(process.stdin) : readFileSync(path), protocol);
  const catalog = new FamilyCatalog();
  for (const datagram of datagrams) learnFamilies(catalog, datagram);
  const printer = new MessagePrinter(output, options['json'] === true, catalog);
  for (const datagram of datagrams) await printer.print(datagram);
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
