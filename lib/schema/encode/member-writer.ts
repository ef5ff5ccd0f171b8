import type { Scope } from '../codec/back-end.js';
import type { EncodeContext } from '../codec/encode-context.js';

/** Writes one member of the struct that starts at an offset; its bytes are reserved already, except those of a member of variable size. @internal */
export type MemberWriter = (context: EncodeContext, start: number, value: unknown, scope: Scope | undefined) => void;
