import { MESSAGE_HEADER_SIZE, MessageFlags, messageFlagsText, type ByteRange, type Message } from '../../wire/index.js';
import { hiddenHex, secretsIn } from '../../wire/internal.js';
import { bytesEqual } from '../bytes-equal.js';
import { makeMessage } from '../reply/datagram-init.js';
import type { FakeContext, FakeHandler } from './fake-kernel-interface.js';
import type { Replies } from '../reply/reply.js';

/** An expected request and the replies to it. @public */
export interface Expectation {
  /** The message type. */
  readonly type: number;
  /** The flags, with or without `Request` and `Ack`, which sockets add. If omitted, any flags match. */
  readonly flags?: number;
  /** The bytes of the payload. If omitted, any payload matches. */
  readonly payload?: Uint8Array;
  /** The replies. If omitted, the request succeeds. */
  readonly replies?: Replies;
  /** Returns the replies, instead of `replies`. */
  readonly handle?: FakeHandler;
}

/**
 * The error for a request that a table did not expect, or for an expected request that the socket did not send.
 *
 * Test runners print the difference between `expected` and `actual`.
 *
 * @public
 */
export class UnexpectedRequestError extends Error {
  /** The expected requests as text, or the operations that have a handler; `nothing` if there are none. */
  readonly expected: string;
  /** The request as text; `nothing` if the socket did not send it. */
  readonly actual: string;
  /** Makes mocha and other test runners print the difference. */
  readonly showDiff = true;

  constructor(headline: string, expected: string, actual: string) {
    super(`${headline}\n${difference(expected, actual)}`);
    this.expected = expected;
    this.actual = actual;
  }

  static {
    this.prototype.name = 'UnexpectedRequestError';
  }
}

/** Compares requests with a table of expectations, in order. @internal */
export class ExpectationTable {
  readonly #expectations: readonly Expectation[];
  #next = 0;
  #last: Message | undefined;

  constructor(expectations: readonly Expectation[]) {
    this.#expectations = expectations;
  }

  answer(request: Message, context: FakeContext): Replies {
    this.#last = request;
    const expectation = this.#expectations[this.#next];
    if (expectation === undefined) {
      const count = this.#expectations.length;
      throw new UnexpectedRequestError(
        `request ${context.index + 1}: expected only ${count} requests`,
        'nothing',
        describeRequest(request),
      );
    }
    if (!matches(request, expectation)) {
      const [wanted, got] = [describeExpectation(expectation, request), describeRequest(request, expectation)];
      const headline = `request ${context.index + 1} is not the expected one`;
      throw new UnexpectedRequestError(headline, wanted, wanted === got ? `${got}\nthe secret bytes differ` : got);
    }
    this.#next += 1;
    return expectation.handle === undefined ? expectation.replies : expectation.handle(request, context);
  }

  /** Throws if expected requests are missing. */
  verify(): void {
    const missing = this.#expectations.slice(this.#next);
    if (missing.length === 0) return;
    const headline = `${missing.length} of ${this.#expectations.length} expected requests were not sent`;
    throw new UnexpectedRequestError(
      headline,
      missing.map((expectation) => describeExpectation(expectation, this.#last)).join('\n'),
      'nothing',
    );
  }
}

const ADDED = MessageFlags.Request | MessageFlags.Ack;

function matches(request: Message, { type, flags, payload }: Expectation): boolean {
  if (request.type !== type) return false;
  if (flags !== undefined && (request.flags & ~(ADDED & ~flags)) !== flags) return false;
  return payload === undefined || bytesEqual(request.payload, payload);
}

/** Prints a request for a difference; key material as asterisks. @internal */
export function describeRequest(request: Message, like?: Expectation): string {
  const { type, flags, payload } = request;
  const lines = [`type ${type}`, `flags ${messageFlagsText(like?.flags === undefined ? flags : flags & ~(ADDED & ~like.flags))}`];
  return [...lines, 'payload', ...rows(payload, secretsIn(request))].join('\n');
}

/** @param like - A request whose family finds the key material in the payload. */
function describeExpectation({ type, flags, payload }: Expectation, like?: Message): string {
  const lines = [`type ${type}`, `flags ${flags === undefined ? 'any' : messageFlagsText(flags)}`];
  if (payload === undefined) return [...lines, 'payload any'].join('\n');
  const secrets = like === undefined ? [] : secretsIn(makeMessage({ type, flags: like.flags, payload }), like);
  return [...lines, 'payload', ...rows(payload, secrets)].join('\n');
}

/** Prints four bytes in each row, the alignment of attributes. */
function rows(payload: Uint8Array, secrets: readonly ByteRange[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < payload.byteLength; at += 4) {
    const bytes = hiddenHex(payload.subarray(at, at + 4), MESSAGE_HEADER_SIZE + at, secrets, ' ');
    lines.push(`  ${String(at).padStart(4, '0')}: ${bytes}`);
  }
  return lines;
}

function difference(expected: string, actual: string): string {
  const wanted = expected.split('\n');
  const got = actual.split('\n');
  const lines: string[] = [];
  for (let line = 0; line < Math.max(wanted.length, got.length); line++) {
    if (wanted[line] === got[line]) lines.push(`    ${wanted[line] ?? ''}`);
    else {
      if (wanted[line] !== undefined) lines.push(`  - ${wanted[line] ?? ''}`);
      if (got[line] !== undefined) lines.push(`  + ${got[line] ?? ''}`);
    }
  }
  return lines.join('\n');
}
