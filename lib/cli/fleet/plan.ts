import { catchError, defer, finalize, from, map, mergeMap, of, timeout, toArray, type Observable } from 'rxjs';
import { FleetError, remote } from '../../fleet/index.js';
import { network, type NetworkDocument, type Plan } from '../../network/index.js';
import { planLines } from '../documents/plan-lines.js';
import { readDocument } from '../documents/read-document.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { ExitCode } from '../run/exit-code.js';
import { UsageError } from '../run/usage-error.js';
import type { FleetAction, FleetCall, FleetOptions } from './fleet-call.js';
import { hostsWithBeats } from './stored-hosts.js';

/** The number of hosts that are compared at once. */
const AT_ONCE = 16;

/** The plan of a host, or the reason why there is none. */
interface HostPlan {
  readonly host: string;
  readonly plan?: Plan;
  readonly error?: string;
}

/** `rxnetlink fleet plan`: how each host differs from a document. */
export const planHosts: FleetAction = (call) => {
  if (call.words.length !== 1) throw new UsageError('fleet plan: expected one document, such as router.json');
  const { json } = call.options as FleetOptions;
  return (fleet) =>
    readDocument(call).pipe(
      mergeMap((document) =>
        hostsOf(fleet).pipe(
          mergeMap((hosts) => from(hosts)),
          mergeMap((host) => planOf(fleet, host, document), AT_ONCE),
        ),
      ),
      toArray(),
      map((plans) => {
        for (const plan of plans.sort((one, other) => (one.host < other.host ? -1 : 1))) print(plan, call.output, json === true);
        if (plans.length === 0) throw new Error('no agent of a selected host sends beats; `rxnetlink fleet hosts` lists the hosts');
        if (plans.some(({ error }) => error !== undefined)) return ExitCode.Failure;
        return plans.every(({ plan }) => plan?.isEmpty === true) ? ExitCode.Success : ExitCode.Different;
      }),
    );
};

/** Emits the hosts with an agent that works, and those that are named in full: their agents may serve sockets only. */
function hostsOf(fleet: FleetCall): Observable<ReadonlySet<string>> {
  const named = (fleet.selection.hosts ?? []).filter((host) => !host.includes('*'));
  return hostsWithBeats(fleet).pipe(map((found) => new Set([...found, ...named])));
}

function planOf({ connection, timeout: within }: FleetCall, host: string, document: NetworkDocument): Observable<HostPlan> {
  return defer(() => {
    const net = network({ transport: remote(connection, host) });
    return net.plan(document).pipe(
      timeout({ first: within, with: () => of(`no answer within ${String(within)} ms`) }),
      map((plan): HostPlan => (typeof plan === 'string' ? { host, error: plan } : { host, plan })),
      finalize(() => {
        net.close();
      }),
    );
  }).pipe(catchError((error: unknown) => of({ host, error: textOf(error) })));
}

/** Returns the text of an error for a user of the command, who starts a program and not a function. */
function textOf(error: unknown): string {
  const { message } = error as Error;
  return error instanceof FleetError ? message.replace('start serveRemote() there', 'run `rxnetlink agent --serve-remote` there') : message;
}

function print({ host, plan, error }: HostPlan, output: Output, isJson: boolean): void {
  if (isJson) {
    const { differences, effects, conflicts } = plan ?? {};
    output.lines([jsonText(plan === undefined ? { host, error } : { host, differences, effects, conflicts })]);
    return;
  }
  const name = output.style.bold(printable(host));
  if (plan === undefined) output.note(`rxnetlink: ${printable(host)}: ${printable((error ?? '').replaceAll(/\s*\n\s*/g, '; '))}`);
  else if (plan.isEmpty) output.lines([`${name}: nothing differs`]);
  else output.lines([`${name}:`, ...planLines(plan.text, output.style).map((line) => `  ${line}`)]);
}
