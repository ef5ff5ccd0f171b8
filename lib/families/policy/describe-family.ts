import { type Observable, catchError, defer, finalize, forkJoin, map, of, switchMap, throwError } from 'rxjs';
import { kindOf } from '../../check/index.js';
import { familyFactory, type FamilyClient, type FamilyFactory, type FamilySocket, type UntypedFamily } from '../../client/index.js';
import { familyAdvice } from '../../client/internal.js';
import { FamilyNotFoundError, isKernelError } from '../../errors/index.js';
import type { TypedFamilySchema } from '../../schema/index.js';
import { nlctrlSchema, OpFlags, type GetfamilyReply, type NlctrlFamily } from '../generated/nlctrl.js';
import { policySchema, type CommandPolicies } from './policy-schema.js';

/** Options of {@link describeFamily}. @public */
export interface DescribeOptions {
  /**
   * The attributes of replies: bytes, or those of the requests of the command.
   *
   * @defaultValue `'bytes'`
   */
  readonly replies?: 'bytes' | 'as-requests';
}

/**
 * Describes a generic family by the policies of the running kernel, if no specification describes it.
 *
 * Operations, attributes and their properties are numbers: the kernel does not report names. The types, nests and limits of requests are those of the
 * kernel's policies (CTRL_CMD_GETPOLICY, for single commands from Linux 5.10 on). The kernel does not describe replies: `unknownAttributes()` returns their
 * attributes as bytes. A user header is the property `header`, as bytes.
 *
 * @param name - The kernel's name of the family: `'TASKSTATS'`.
 * @param socket - Options for the socket that asks for the policies, or the socket, as for every factory of a family.
 * @param options - `replies: 'as-requests'` decodes replies with the attributes of requests. That is wrong for a family with other attributes in replies.
 * @returns A factory of clients, once. It does not depend on the socket.
 * @throws {@link FamilyNotFoundError} as the error signal, if the kernel does not have the family.
 *
 * @example The statistics of the own process
 * ```ts
 * const taskstats = await lastValueFrom(describeFamily('TASKSTATS'));
 * using client = taskstats();
 * const reply = await lastValueFrom(client.do('1', { 1: process.pid })); // TASKSTATS_CMD_GET, TASKSTATS_CMD_ATTR_PID
 * const [aggregate] = unknownAttributes(reply!); // TASKSTATS_TYPE_AGGR_PID
 * ```
 * @public
 */
export function describeFamily(
  name: string,
  socket?: FamilySocket,
  { replies = 'bytes' }: DescribeOptions = {},
): Observable<FamilyFactory<UntypedFamily>> {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`describeFamily: name must be a text that is not empty, not ${kindOf(name)}`);
  if (!(['bytes', 'as-requests'] as readonly unknown[]).includes(replies))
    throw new TypeError(`describeFamily: replies must be 'bytes' or 'as-requests', not ${JSON.stringify(replies)}`);
  return defer(() => {
    const controller = familyFactory(nlctrlSchema)(socket);
    return readFamily(controller, name, replies === 'as-requests').pipe(finalize(() => controller.close()));
  });
}

function readFamily(controller: FamilyClient<NlctrlFamily>, familyName: string, typed: boolean): Observable<FamilyFactory<UntypedFamily>> {
  return controller.do('getfamily', { familyName }).pipe(
    catchError((error: unknown) =>
      throwError(() => (isKernelError(error, 'ENOENT') ? new FamilyNotFoundError(familyName, familyAdvice(familyName), error) : error)),
    ),
    switchMap((family) =>
      readPolicies(controller, family).pipe(
        map((commands) => familyFactory(policySchema(family, commands, typed) as TypedFamilySchema<UntypedFamily>)),
      ),
    ),
  );
}

/** Asks for the policies of each command: in a dump of all, the kernel reports commands that only dump as number 0. */
function readPolicies(controller: FamilyClient<NlctrlFamily>, { familyName, ops = [] }: GetfamilyReply): Observable<CommandPolicies[]> {
  const commands = ops.map(({ id = 0, flags = 0 }): Observable<CommandPolicies> => {
    if ((flags & OpFlags.CmdCapHaspol) === 0) return of({ id, flags });
    return controller
      .list('getpolicy', { familyName: familyName!, op: id })
      .pipe(map(([policies]) => ({ id, flags, ...(policies && { policies }) })));
  });
  return commands.length === 0 ? of([]) : forkJoin(commands);
}
