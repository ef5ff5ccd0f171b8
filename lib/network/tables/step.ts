import type { Observable } from 'rxjs';
import type { FamilyClient, OperationFlags } from '../../client/index.js';
import type { KernelError } from '../../errors/index.js';
import type { FieldError } from '../common/field-error.js';
import type { DoName, DoRequest, FamilyTypes } from '../../schema/index.js';

/** One request of a verb. @internal */
export interface RequestStep {
  /** The client of the family. Its types are known where the step is made. */
  readonly client: FamilyClient<FamilyTypes>;
  readonly op: string;
  readonly request: object;
  readonly options: OperationFlags;
  /** Returns the meaning of an error of the kernel for this request, if it has one of its own. */
  readonly explain?: ((error: KernelError) => FieldError | undefined) | undefined;
}

/** Several requests of a verb whose number depends on the replies; also requests to another network namespace. @internal */
export interface TaskStep {
  /** Emits at most one value, which is ignored; called at each subscription. */
  readonly task: () => Observable<unknown>;
}

/** One step of a verb. The verbs on many objects batch requests; a table with tasks has to override them. @internal */
export type Step = RequestStep | TaskStep;

/** Returns a request of a verb. @internal */
export function step<Family extends FamilyTypes, Op extends DoName<Family>>(
  client: FamilyClient<Family>,
  op: Op,
  request: DoRequest<Family, Op>,
  options: OperationFlags = {},
): RequestStep {
  return { client: client as unknown as FamilyClient<FamilyTypes>, op, request: request as object, options };
}

/** Returns the rest of an iteration with its first value in front; without the cost of a generator around another one. @internal */
export function withFirst<T>(first: T, rest: Generator<T, void, undefined>): Iterable<T> {
  let isFirst = true;
  return {
    [Symbol.iterator]: () => ({
      next: () => {
        if (!isFirst) return rest.next();
        isFirst = false;
        return { done: false, value: first };
      },
      return: () => rest.return(),
    }),
  };
}
