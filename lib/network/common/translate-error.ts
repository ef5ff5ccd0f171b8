import { EncodeError, FamilyNotFoundError, KernelError, NetlinkError, TimeoutError } from '../../errors/index.js';
import { FieldError } from './field-error.js';
import { NetworkError, type NetworkReason } from './network-error.js';
import { MEANINGS, REASONS, REMEDIES } from './reasons.js';
import { SystemError } from './system-error.js';

/** The kernel's texts that mean something else than their code; the last reason is that of a deletion, if it differs. */
const TEXTS: readonly (readonly [RegExp, NetworkReason, NetworkReason?])[] = [
  [/Device for nexthop is not up/, 'unreachable'],
  [/Unknown device type/, 'unsupported'],
  [/netns is immutable/, 'unsupported'],
  [/TC classifier not found|load TC action module/, 'unsupported'],
  [/Parent Qdisc doesn't exist|Specified class (?:not found|doesn't exist)/, 'unknown-name', 'missing'],
];

/** The verbs that delete: an object whose parent does not exist is missing. */
const DELETIONS: ReadonlySet<string> = new Set(['delete', 'ensureAbsent']);

/** The reasons of codes with which the engine fails to open a network namespace. */
const OPENING: Readonly<Record<string, NetworkReason>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ESRCH: 'missing',
  EPERM: 'denied',
  EACCES: 'denied',
  EINVAL: 'invalid',
  EBADF: 'invalid',
  ELOOP: 'invalid',
  ENAMETOOLONG: 'invalid',
  EOPNOTSUPP: 'unsupported',
};

/** The verb and the object of an error. @internal */
export interface ErrorContext {
  /** The verb, in the words of an error text: `add`. */
  readonly verb: string;
  /** Returns the object, in words. */
  readonly subject: () => string;
  /** The place of the object in a document. */
  readonly path?: string | undefined;
  /** Codes that mean "missing" for the table. */
  readonly missing: readonly string[];
  /** Codes that mean "exists" for the table, besides EEXIST. */
  readonly exists?: readonly string[] | undefined;
  /** Returns the meaning of a kernel error for the table, if it has one of its own; the code is added to it. */
  readonly explain?: ((error: KernelError, verb: string) => Explanation | undefined) | undefined;
}

/** The meaning of a kernel error. @internal */
export interface Explanation {
  readonly text: string;
  readonly path?: string;
  /** The reason, if it differs from that of the code. */
  readonly reason?: NetworkReason;
}

/** Returns the reason why a network namespace did not open; undefined for an error of something else. @internal */
export function openingReason(error: unknown): NetworkReason | undefined {
  return error instanceof NetlinkError && error.operation === 'open' ? OPENING[error.code] : undefined;
}

/** Returns the text about a network namespace that did not open. @internal */
export function openingText({ code, message }: NetlinkError): string {
  return `${message.replace(/^\w+ open: /, '')} (${code})`;
}

/**
 * Returns the error that a verb signals: the engine's errors of requests and of network namespaces with
 * the object in words, all others unchanged.
 *
 * @internal
 */
export function translateError(error: unknown, { verb, subject, path, missing, exists = [], explain }: ErrorContext): unknown {
  if (error instanceof NetworkError) return error;
  if (error instanceof FieldError) {
    const { reason, path, message, cause } = error;
    const { code, errno } = cause ?? {};
    return new NetworkError({
      reason,
      verb,
      subject: subject(),
      path,
      text: path === '' ? message : `${path}: ${message}`,
      code,
      errno,
      cause,
    });
  }
  if (error instanceof SystemError) {
    const { reason, code, errno, message: text } = error;
    return new NetworkError({ reason, verb, subject: subject(), text, code, errno });
  }
  if (error instanceof EncodeError)
    return new NetworkError({ reason: 'invalid', verb, subject: subject(), path: error.path, text: error.message, cause: error });
  if (error instanceof TimeoutError)
    return new NetworkError({ reason: 'timeout', verb, subject: subject(), text: 'the kernel did not answer in time', cause: error });
  if (error instanceof FamilyNotFoundError) {
    const { code, errno, message } = error;
    const text = message.replace(/^.* (generic netlink family '.*') not found;/, `the kernel has no $1 (${code});`);
    return new NetworkError({ reason: 'unsupported', verb, subject: subject(), text, code, errno, cause: error });
  }
  const opening = openingReason(error);
  if (opening !== undefined) {
    const { code, errno } = error as NetlinkError;
    return new NetworkError({
      reason: opening,
      verb,
      subject: subject(),
      text: openingText(error as NetlinkError),
      code,
      errno,
      cause: error,
    });
  }
  if (!(error instanceof KernelError)) return error;
  const { code, errno } = error;
  const [, written, deleted = written] = TEXTS.find(([pattern]) => pattern.test(error.message)) ?? [];
  const known = DELETIONS.has(verb) ? deleted : written;
  const own = missing.includes(code) ? 'missing' : exists.includes(code) ? 'exists' : undefined;
  const meaning = explain?.(error, verb) ?? unknownAttribute(error);
  const reason = meaning?.reason ?? known ?? own ?? REASONS[code] ?? 'invalid';
  const words = meaning === undefined ? kernelText(error, reason, verb) : `${meaning.text} (${code})`;
  const text = path === undefined ? words : `${path}: ${words}`;
  return new NetworkError({ reason, verb, subject: subject(), path: path ?? meaning?.path, text, code, errno, cause: error });
}

/** Returns the meaning of an attribute that is newer than the kernel, in a request whose attributes the kernel checks strictly. */
function unknownAttribute({ extendedAck: { message, attributePath } }: KernelError): Explanation | undefined {
  if (message !== 'Unknown attribute type') return undefined;
  const attribute = attributePath === undefined ? 'an attribute of the request' : `the attribute ${attributePath.slice(1)}`;
  return { text: `this kernel does not know ${attribute}`, reason: 'unsupported' };
}

/** Returns the engine's advice for a module that the kernel may lack. @internal */
export function moduleAdvice(message: string): string | undefined {
  return /this kernel may lack .*(?=\)$)/.exec(message)?.[0];
}

/** The advice at the end of the engine's text about a missing capability. */
const CAPABILITY = /\W(needs CAP_[^;()]+)\)$/;

/** Returns the kernel's text, or the meaning of the code, with the code behind it, and the remedy if there is one. */
function kernelText({ code, message, extendedAck }: KernelError, reason: NetworkReason, verb: string): string {
  const { message: text, attributePath, missingPath } = extendedAck;
  const place = attributePath === undefined ? undefined : `the kernel rejects ${attributePath}`;
  const missing = missingPath === undefined ? undefined : `the request lacks ${missingPath}`;
  const words = text ?? CAPABILITY.exec(message)?.[1] ?? missing ?? place ?? MEANINGS[code];
  if (words === undefined) return message;
  const remedies = [
    moduleAdvice(message),
    REMEDIES.find(([pattern]) => pattern.test(words))?.[1],
    reason === 'exists' && verb === 'add' ? 'ensure() accepts an object that exists' : undefined,
  ];
  return [`${words} (${code})`, ...remedies.filter((remedy) => remedy !== undefined)].join('; ');
}
