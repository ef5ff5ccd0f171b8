import { concat, concatMap, defer, EMPTY, lastValueFrom, map, mergeMap, of, switchMap, type Observable } from 'rxjs';
import { nlctrl } from '../../families/nlctrl.js';
import { NetlinkError } from '../../errors/index.js';
import { namespaces } from '../../network/index.js';
import type { Action, Call } from '../command.js';
import { noteNamespaceFailure } from '../output/namespace-failure.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { ExitCode } from '../run/exit-code.js';
import { namespacePlaces } from '../run/namespace-place.js';
import { Describer } from './describer.js';
import type { Change } from './event.js';
import { bufferSize } from './buffer-size.js';
import { namespaceEvents, type Place } from './receive/namespace-events.js';
import { NOTHING } from './receive/nothing.js';
import { PortOwners, type Process } from './port-owners.js';
import { jsonOf, lineOf, type Printed } from './printed.js';
import { selectionOf, type Selection } from './selection.js';
import { protocolOfTopic, TOPICS } from './topics.js';

/** Options of the command. */
interface MonitorOptions {
  readonly json?: boolean;
  readonly netns?: string;
  readonly allNamespaces?: boolean;
  readonly timestamps?: boolean;
  readonly buffer?: string;
}

/** `rxnetlink monitor`: every change as a sentence. */
export const action: Action = ({ words, options, output }: Call) => {
  const given = options as MonitorOptions;
  const receiveBufferSize = bufferSize(given.buffer);
  return defer(() => readFamilies(given.netns)).pipe(
    map((families) => selectionOf(words, families)),
    switchMap((selection) => {
      const owners = new PortOwners();
      // The events of a namespace end only if nothing of them can be received: standard error has the reasons.
      if (given.allNamespaces !== true)
        return concat(inNamespace(selection, { netns: given.netns, receiveBufferSize }, undefined, owners, output), of(ExitCode.Failure));
      const placeOf = namespacePlaces();
      return namespaces
        .all((_, namespace) =>
          inNamespace(selection, { netns: placeOf(namespace).netns, receiveBufferSize }, namespace.name, owners, output),
        )
        .pipe(
          mergeMap(({ namespace, value, error }) => {
            if (error === undefined) return of(value);
            noteNamespaceFailure(output, namespace.name, error.message);
            return EMPTY;
          }),
        );
    }),
    concatMap((printed) => {
      if (typeof printed === 'number') return of(printed);
      if (given.json === true) output.lines([jsonOf(printed)]);
      else if (printed.event.type !== 'listening') output.lines([lineOf(printed, given.timestamps === true, output.style)]);
      return EMPTY;
    }),
  );
};

function inNamespace(
  selection: Selection,
  socket: Pick<Place, 'netns' | 'receiveBufferSize'>,
  namespace: string | undefined,
  owners: PortOwners,
  output: Output,
): Observable<Printed> {
  return defer(() => {
    const describer = new Describer();
    const names = new Set(selection.topics.map(({ name }) => name));
    const reported = new Set<string>();
    const fail = (line: string): void => {
      if (namespace === undefined) output.note(`rxnetlink: ${printable(line)}`);
      else noteNamespaceFailure(output, namespace, line);
    };
    const events = namespaceEvents(selection, {
      ...socket,
      links: describer.links,
      sets: describer.sets,
      refused: (topic, error) => {
        if (!reported.has(topic)) fail(`not received: ${topic}: ${error.message}`);
        reported.add(topic);
      },
      lostAtEnd: (lost) => {
        fail(describer.describe(lost));
      },
    });
    return events.pipe(
      mergeMap((event): readonly Printed[] => {
        const text = describer.describe(event);
        if (event.type === 'change' && !isSelected(event.topic, names)) return [];
        const process = event.type === 'change' ? processOf(event, owners) : undefined;
        return [{ event, text, ...(process !== undefined && { process }), ...(namespace !== undefined && { namespace }) }];
      }),
    );
  });
}

/** Links are also received for their names. Messages without a topic were asked for by their group. */
function isSelected(topic: string, names: ReadonlySet<string>): boolean {
  return names.has(topic) || topic === 'rtnetlink' || !TOPICS.some(({ name }) => name === topic);
}

/** Returns the process that asked for a change. nftables names it itself; else the port ID leads to it. */
function processOf({ topic, value, port }: Change, owners: PortOwners): Process | undefined {
  const { procPid, procName } = value as { readonly procPid?: number; readonly procName?: string };
  if (topic === 'firewall' && procPid !== undefined) return { processId: procPid, command: procName ?? '' };
  return port === undefined ? undefined : owners.of(protocolOfTopic(topic), port);
}

/** Reads the names of the generic families that have groups. Without generic netlink there are none. */
async function readFamilies(netns: string | undefined): Promise<ReadonlySet<string>> {
  using client = nlctrl(netns === undefined ? {} : { netns });
  try {
    const rows = await lastValueFrom(client.list('getfamily'), NOTHING);
    return new Set(
      rows.flatMap(({ familyName, mcastGroups = [] }) => (familyName === undefined || mcastGroups.length === 0 ? [] : [familyName])),
    );
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'EPROTONOSUPPORT') return new Set();
    throw error;
  }
}
