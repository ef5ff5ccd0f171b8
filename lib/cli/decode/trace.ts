import { Observable } from 'rxjs';
import { writeCapture, type CapturedDatagram } from '../../testing/index.js';
import { Protocol } from '../../wire/index.js';
import type { Action, Call } from '../command.js';
import type { ExitCode } from '../run/exit-code.js';
import { UsageError } from '../run/usage-error.js';
import type { LoggedDatagram } from './input/logged-datagram.js';
import { protocolOfInode } from './input/proc-netlink.js';
import { StraceLog } from './input/strace-log.js';
import { MessagePrinter } from './message/message-printer.js';
import { StraceProcess, type Traced } from './strace-process.js';

interface TraceOptions {
  readonly json?: boolean;
  readonly process?: string;
  readonly write?: string;
}

/** `rxnetlink trace` prints the messages of a program while it runs. */
export const action: Action = (call) =>
  new Observable<ExitCode>((subscriber) => {
    const traced = new StraceProcess(tracedBy(call));
    subscriber.add(() => {
      traced.stop();
    });
    trace(traced, call, () => subscriber.closed).then(
      (code) => {
        subscriber.next(code);
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
  });

/** Returns the program that the command line names. */
function tracedBy({ words, options }: Call): Traced {
  const { process } = options as TraceOptions;
  if (process === undefined) {
    if (words.length === 0) throw new UsageError('trace: expected a command after --, or -p and the number of a process');
    return { command: words };
  }
  if (words.length > 0) throw new UsageError('trace: expected a command or -p, not both');
  if (!/^[1-9]\d*$/.test(process)) throw new UsageError(`trace: -p ${process} is not the number of a process`);
  return { process: Number(process) };
}

async function trace(traced: StraceProcess, { options, output }: Call, isEnded: () => boolean): Promise<ExitCode> {
  const { json = false, write } = options as TraceOptions;
  const log = new StraceLog(Protocol.Route, protocolOfInode);
  const printer = new MessagePrinter(output, json);
  const captured: CapturedDatagram[] = [];
  const take = async (datagrams: readonly LoggedDatagram[]): Promise<void> => {
    for (const datagram of datagrams) {
      if (write !== undefined) captured.push(ofLogged(datagram));
      if (!isEnded()) await printer.print(datagram);
    }
  };
  for await (const line of traced.lines) await take(log.read(line));
  await take(log.end());
  if (write !== undefined) writeCapture(write, { datagrams: captured });
  return traced.exitCode();
}

function ofLogged({ bytes, sender, group, protocol, time = 0, direction = 'received' }: LoggedDatagram): CapturedDatagram {
  return { bytes, sender, group, protocol, time, direction };
}
