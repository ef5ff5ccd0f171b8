import { closeSync, openSync } from 'node:fs';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { concat, EMPTY, finalize, ignoreElements, merge, Observable, takeUntil, timer, tap } from 'rxjs';
import { network, type Network } from '../../network/index.js';
import type { TraceEvent } from '../../socket/index.js';
import { writeCapture, type CapturedDatagram } from '../../testing/index.js';
import type { Action } from '../command.js';
import { timeOption } from '../run/time-option.js';
import { tableSuggestion } from '../run/table-suggestion.js';
import { UsageError } from '../run/usage-error.js';
import { countText } from '../output/count-text.js';

/** The tables that can be recorded, by their words in the other commands. */
const TABLES = ['links', 'addresses', 'routes', 'rules', 'neighbours', 'fdb', 'qdiscs'] as const satisfies readonly (keyof Network)[];
type Table = (typeof TABLES)[number];

const DEFAULT_TABLES: readonly Table[] = ['links', 'addresses', 'routes'];

interface RecordOptions {
  readonly netns?: string;
  readonly for?: string;
}

/** `rxnetlink record` writes the messages about some tables to a file. */
export const action: Action = ({ words: [file = '', ...words], options, output }) => {
  const tables = words.length === 0 ? DEFAULT_TABLES : words.map(tableOf);
  const { netns, for: time } = options as RecordOptions;
  const duration = time === undefined ? undefined : timeOption('--for', time);
  return new Observable((subscriber) => {
    // A file that cannot be written fails now, not after the recording.
    closeSync(openSync(file, 'a'));
    const net = network(netns === undefined ? {} : { netns });
    const datagrams: CapturedDatagram[] = [];
    const recorded$ = merge(...tables.map((table) => concat(net[table].list(), net[table].watch()))).pipe(
      ignoreElements(),
      finalize(() => {
        net.close();
      }),
    );
    // Ctrl-C ends the recording as the time does: both unsubscribe.
    let failed = false;
    subscriber.add(() => {
      if (failed) return;
      writeCapture(file, { datagrams });
      output.note(`${countText(datagrams.length, 'message')} in ${file}`);
    });
    subscriber.add(recordMessages(datagrams));
    const limited$ = recorded$.pipe(duration === undefined ? takeUntil(EMPTY) : takeUntil(timer(duration)));
    subscriber.add(limited$.pipe(tap({ error: () => (failed = true) })).subscribe(subscriber));
  });
};

function tableOf(word: string): Table {
  const found = TABLES.find((table) => table === word);
  if (found !== undefined) return found;
  throw new UsageError(`record: ${word} is not a table; ${tableSuggestion(word, TABLES) || `expected one of ${TABLES.join(', ')}`}`);
}

/** Adds the messages of all sockets of this process to a list; returns the function that ends it. */
function recordMessages(datagrams: CapturedDatagram[]): () => void {
  const listeners = (['sent', 'received'] as const).map((direction) => {
    const name = direction === 'sent' ? 'rxnetlink:send' : 'rxnetlink:receive';
    const listener = (event: unknown): void => {
      const { message, protocol } = event as TraceEvent;
      if (message === undefined) return;
      const { sender, group } = message.origin;
      datagrams.push({ bytes: new Uint8Array(message.bytes), sender, group, protocol, direction, time: Date.now() });
    };
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  return () => {
    for (const end of listeners) end();
  };
}
