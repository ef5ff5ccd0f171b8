import { digits, figuresOf, grouped, type Figures } from '../support/figures.js';
import { command } from '../support/place.js';
import { subject } from '../support/programs.js';
import type { Result } from '../support/result.js';
import { batch } from './writing.js';

const NAMESPACES = 500;
const SECONDS = 10;

/** The figures of one way to watch all namespaces. */
interface Watched {
  /** Bytes of the process in memory. */
  readonly memory: number;
  readonly sockets: number;
  /** The number of times that a thread of the process slept and woke up again. */
  readonly wakeUps: number;
}

/** The modes of the subject, in words. */
const MODES: Readonly<Record<string, string>> = {
  nothing: 'the process alone',
  socket: 'one bare socket',
  links: 'net.links.watch()',
  joined: "net.links.watch({ with: 'addresses' })",
  families: 'rtLink().watch() and rtAddr().watch()',
};

/** Makes the namespaces in a mount namespace of its own, which ends with the subject and takes them with it. */
const PROGRAM = 'mount -t tmpfs none /run/netns && ip -batch "$0" && exec "$@"';

/** Measures memory and wake-ups of processes that watch many namespaces while nothing happens. */
export function measureWatching(): Result[] {
  const names = batch(
    'namespaces',
    Array.from({ length: NAMESPACES }, (_, index) => `netns add n${index}`),
  );
  const found = Object.keys(MODES).map((mode) => {
    const program = subject('namespaces', [mode, `${NAMESPACES}`, `${SECONDS}`], ['--expose-gc']);
    return [mode, JSON.parse(command('unshare', '--mount', 'sh', '-c', PROGRAM, names, ...program)) as Watched] as const;
  });
  const alone = found[0]![1].memory;
  const perNamespace = ({ memory }: Watched): number => (memory - alone) / NAMESPACES / 1024;
  const reference = perNamespace(found.find(([mode]) => mode === 'joined')![1]);
  const watching = found.slice(1);
  const watched = `${grouped(NAMESPACES)} namespaces watched through namespaces.all()`;
  return [
    {
      name: 'watching-memory',
      title: `${watched}, memory of each beside the process alone (${digits(alone / 2 ** 20)} MiB)`,
      unit: 'KiB',
      series: watching.map(([mode, figures]) => ({
        name: MODES[mode]!,
        role: 'library',
        figures: one(perNamespace(figures)),
        ratio: one(perNamespace(figures) / reference),
        to: MODES['joined']!,
        note: `${figures.sockets / NAMESPACES} sockets each`,
      })),
      checks: [],
      missing: [],
    },
    {
      name: 'watching-wake-ups',
      title: `${watched}, wake-ups of the process in ${SECONDS} idle seconds`,
      unit: '',
      series: found.map(([mode, { wakeUps }]) => ({ name: MODES[mode]!, role: 'library', figures: one(wakeUps) })),
      checks: watching.map(([mode, { wakeUps }]) => ({
        what: `idle wake-ups in ${SECONDS} s: ${MODES[mode]!}`,
        bound: `< ${NAMESPACES / 10}`,
        figure: `${wakeUps}`,
        holds: wakeUps < NAMESPACES / 10,
      })),
      missing: [],
    },
  ];
}

function one(value: number): Figures {
  return figuresOf([value]);
}
