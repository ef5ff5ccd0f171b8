import { MESSAGE_HEADER_SIZE, MessageFlags, messageFlagsText, type ByteRange, type Message } from '../../wire/index.js';
import { hiddenHex, secretsIn } from '../../wire/internal.js';
import { makeMessage } from '../reply/datagram-init.js';
import type { FakeContext, FakeHandler } from './fake-kernel.js';
import { hex } from '../hex.js';
import type { Replies } from '../reply/reply.js';

/** A request that must come, and what is answered. @public */
export interface Expectation {
  /** Its type. */
  readonly type: number;
  /** Its flags; `Request` and `Ack`, which sockets add, need not be named. Anything goes where they are left out. */
  readonly flags?: number;
  /** Its payload, to the byte. Anything goes where it is left out. */
  readonly payload?: Uint8Array;
  /** The replies; what succeeds says so where they are left out. */
  readonly replies?: Replies;
  /** Makes the replies, instead of `replies`. */
  readonly handle?: FakeHandler;
}

/**
 * A request came that a table did not expect, or one that it did expect never came.
 *
 * `expected` and `actual` are what test runners print as a difference.
 *
 * @public
 */
export class UnexpectedRequestError extends Error {
  readonly expected: string;
  readonly actual: string;
  /** Asks mocha and others for the difference. */
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

/** Walks through a table of expectations, one request after the other. @internal */
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
        `request ${context.index + 1} is one more than the ${count} expected`,
        'nothing',
        describeRequest(request),
      );
    }
    if (!matches(request, expectation)) {
      const [wanted, got] = [describeExpectation(expectation, request), describeRequest(request, expectation)];
      const headline = `request ${context.index + 1} is not the one expected`;
      throw new UnexpectedRequestError(headline, wanted, wanted === got ? `${got}\nthe secret bytes differ` : got);
    }
    this.#next += 1;
    return expectation.handle === undefined ? expectation.replies : expectation.handle(request, context);
  }

  /** Throws where requests are missing. */
  verify(): void {
    const missing = this.#expectations.slice(this.#next);
    if (missing.length === 0) return;
    const headline = `${missing.length} of ${this.#expectations.length} expected requests never came`;
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
  return payload === undefined || hex(request.payload) === hex(payload);
}

/** Writes a request as differences show it; key material as asterisks. @internal */
export function describeRequest(request: Message, like?: Expectation): string {
  const { type, flags, payload } = request;
  const lines = [`type ${type}`, `flags ${messageFlagsText(like?.flags === undefined ? flags : flags & ~(ADDED & ~like.flags))}`];
  return [...lines, 'payload', ...rows(payload, secretsIn(request))].join('\n');
}

/** @param like - A request by which to find out where the payload may hold key material. */
function describeExpectation({ type, flags, payload }: Expectation, like?: Message): string {
  const lines = [`type ${type}`, `flags ${flags === undefined ? 'any' : messageFlagsText(flags)}`];
  if (payload === undefined) return [...lines, 'payload any'].join('\n');
  const secrets = like === undefined ? [] : secretsIn(makeMessage({ type, payload }), like);
  return [...lines, 'payload', ...rows(payload, secrets)].join('\n');
}

/** Four bytes a row, where the reader counts by attributes. */
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
