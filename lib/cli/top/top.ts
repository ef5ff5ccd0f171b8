import { defer, EMPTY, finalize, ignoreElements, map, merge, mergeMap, Observable, of, pairwise, scan, takeWhile, tap } from 'rxjs';
import type { Action, Call } from '../command.js';
import { polled } from '../listings/polled.js';
import type { Output } from '../output/output.js';
import { Screen } from '../output/screen.js';
import { ExitCode } from '../run/exit-code.js';
import { countersOf } from './counters.js';
import { keys, type Key } from './keys.js';
import { ORDERS, ratesOf } from './rates.js';
import { HEAD_LINES, pictureLines, type Picture, type ViewState } from './view.js';
import { jsonText } from '../output/json-text.js';

/** Options of the command. */
interface TopOptions {
  readonly json?: boolean;
  readonly netns?: string;
}

/** An event of the screen: a new picture, a key, or another size of the terminal. */
type ScreenEvent = { readonly picture: Picture } | { readonly key: Key } | { readonly resized: true };

/** The state of the screen after an event. */
interface ScreenState extends ViewState {
  readonly picture?: Picture;
  /** The exit code, if a key ends the command. */
  readonly exit?: ExitCode;
}

/** `rxnetlink top`: the links by rate, once a second. */
export const action: Action = ({ options, output }: Call) => {
  const { json, netns } = options as TopOptions;
  return defer(() => {
    const counters = countersOf(netns === undefined ? {} : { netns });
    const pictures = polled(() => counters.read).pipe(
      pairwise(),
      map(([before, now]): Picture => ({ links: ratesOf(before, now), counters: now })),
      finalize(counters.close),
    );
    if (json !== true) return onScreen(pictures, output);
    return pictures.pipe(
      tap(({ links, counters: { sockets, connections } }) => {
        output.lines([jsonText({ time: new Date().toISOString(), sockets: sockets ?? null, connections: connections ?? null, links })]);
      }),
      ignoreElements(),
    );
  });
};

function onScreen(pictures: Observable<Picture>, output: Output): Observable<ExitCode> {
  const screen = new Screen(output);
  const events = merge<ScreenEvent[]>(
    pictures.pipe(map((picture) => ({ picture }))),
    keys(process.stdin, output).pipe(map((key) => ({ key }))),
    new Observable((subscriber) => output.onResize(() => subscriber.next({ resized: true }))),
  );
  const first: ScreenState = { order: ORDERS[0], offset: 0 };
  return events.pipe(
    scan((state, event) => nextState(state, event, output.rows), first),
    takeWhile(({ exit }) => exit === undefined, true),
    mergeMap((state) => {
      const { picture, exit } = state;
      if (exit !== undefined) return of(exit);
      if (picture !== undefined) screen.show(pictureLines(picture, state, output.style, output.rows, output.columns));
      return EMPTY;
    }),
  );
}

/** Returns the state of the screen after an event. The last link stays on the screen. */
export function nextState(state: ScreenState, event: ScreenEvent, rows: number = Infinity): ScreenState {
  const next = 'picture' in event ? { ...state, picture: event.picture } : 'key' in event ? pressed(state, event.key, rows) : state;
  const last = Math.max(0, (next.picture?.links.length ?? 0) - (rows - HEAD_LINES));
  return { ...next, offset: Math.min(Math.max(0, next.offset), last) };
}

function pressed(state: ScreenState, key: Key, rows: number): ScreenState {
  const { order, offset } = state;
  const page = rows - HEAD_LINES;
  switch (key) {
    case 'quit':
      return { ...state, exit: ExitCode.Success };
    case 'interrupt':
      return { ...state, exit: ExitCode.Interrupted };
    case 'sort':
      return { ...state, order: ORDERS[(ORDERS.indexOf(order) + 1) % ORDERS.length]!, offset: 0 };
    case 'up':
      return { ...state, offset: offset - 1 };
    case 'down':
      return { ...state, offset: offset + 1 };
    case 'page-up':
      return { ...state, offset: offset - page };
    case 'page-down':
      return { ...state, offset: offset + page };
    case 'home':
      return { ...state, offset: 0 };
    case 'end':
      return { ...state, offset: Number.MAX_SAFE_INTEGER };
  }
}
