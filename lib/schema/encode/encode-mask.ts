import type { Scope } from '../codec/back-end.js';
import type { EncodeContext } from '../codec/encode-context.js';
import type { StructSchema } from '../descriptor/descriptor.js';
import type { MemberWriter } from './member-writer.js';

/** Writes a mask that the caller omitted. @internal */
export type MaskWriter = (context: EncodeContext, start: number, scope: Scope) => void;

/**
 * Makes the writers of a header's masks: an omitted mask selects the bits that are set.
 *
 * A mask of 0 means all bits to the kernel; if the bits are 0 as well, it means none. The kernel would clear flags that the caller did not mean, or change nothing.
 *
 * @internal
 */
export function maskWriters({ members }: StructSchema, writers: ReadonlyMap<string, MemberWriter>): MaskWriter[] {
  return members.flatMap(({ property, maskOf }): MaskWriter[] => {
    const write = writers.get(property);
    if (maskOf === undefined || write === undefined) return [];
    const { property: source, operations } = maskOf;
    return [
      (context, start, scope) => {
        const bits = ownValue(scope.value, source);
        const { request } = context;
        if (request?.mode !== 'do' || bits === undefined || ownValue(scope.value, property) !== undefined) return;
        if (bits === 0 && scope.outer === undefined && request.existing === true && operations.includes(request.operation)) {
          context.failAt(`.${source}`, `0 without ${property} changes nothing; set ${property} to the flags to clear`);
        }
        write(context, start, bits, scope);
      },
    ];
  });
}

/** Returns a property that the object itself has. @internal */
export function ownValue(value: object, property: string): unknown {
  return Object.hasOwn(value, property) ? (value as Record<string, unknown>)[property] : undefined;
}
