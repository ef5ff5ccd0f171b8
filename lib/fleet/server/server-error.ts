import { JetStreamApiError } from '@nats-io/jetstream';
import { FleetError } from '../fleet-error.js';

/** Numbers of errors of the JetStream API (nats-server, server/errors.json). @internal */
export const ApiCode = {
  /** JSClusterNotAvailErr: no leader at the moment. */
  NotAvailable: 10008,
  /** JSInsufficientResourcesErr */
  InsufficientResources: 10023,
  /** JSNotEnabledForAccountErr */
  NotEnabledForAccount: 10039,
  /** JSStorageResourcesExceededErr */
  StorageExceeded: 10047,
  /** JSStreamNameExistErr: with another configuration. */
  StreamExists: 10058,
  /** JSStreamNotFoundErr */
  StreamNotFound: 10059,
  /** JSStreamSubjectOverlapErr */
  SubjectOverlap: 10065,
  /** JSStreamWrongLastSequenceErrF */
  WrongLastSequence: 10071,
  /** JSStreamNotMatchErr */
  NotMatched: 10060,
  /** JSNotEnabledErr */
  NotEnabled: 10076,
  /** JSStreamStoreFailedF: the stream is full, or its storage failed. */
  StoreFailed: 10077,
  /** JSNoMessageFoundErr */
  NoMessage: 10037,
  /** JSStreamMaxBytesRequired */
  MaxBytesRequired: 10113,
  /** JSStreamWrongLastSequenceConstantErr */
  WrongLastSequenceUnknown: 10164,
} as const;

/** Returns the number of an error of the JetStream API; undefined for another error. @internal */
export function apiCode(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** Returns the error with this name among an error and its causes. @internal */
export function named(error: unknown, name: string): Error | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause.name === name) return cause;
  return undefined;
}

/** Returns true if no server answered a request to JetStream, which may be a leader that is being elected. @internal */
export function isUnanswered(error: unknown): boolean {
  return named(error, 'TimeoutError') !== undefined || apiCode(error) === ApiCode.NotAvailable || isNoResponders(error);
}

/** Returns true if no server serves the subject: JetStream is off, or no stream has the subject. @internal */
export function isNoResponders(error: unknown): boolean {
  return named(error, 'NoResponders') !== undefined || named(error, 'JetStreamNotEnabled') !== undefined;
}

/** Returns the error of a missing permission; undefined for another error. @internal */
export function permissionError(what: string, error: unknown): FleetError | undefined {
  const denied = named(error, 'PermissionViolationError') as (Error & { readonly subject?: string }) | undefined;
  if (denied === undefined) return undefined;
  const subject = denied.subject ?? 'a subject';
  return new FleetError(`${what}: the account has no permission for ${subject}; add the permission to the account`, 'permission', {
    code: 'EACCES',
    cause: error,
  });
}

/** Returns the error of a request to JetStream with the object that it was about. @internal */
export function serverError(what: string, error: unknown): Error {
  if (error instanceof FleetError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const denied = permissionError(what, error);
  if (denied !== undefined) return denied;
  const code = apiCode(error);
  if (isNoResponders(error) || code === ApiCode.NotEnabled || code === ApiCode.NotEnabledForAccount) {
    return new FleetError(`${what}: the server has no JetStream for this account; enable jetstream in its configuration`, 'server', {
      cause: error,
    });
  }
  if (named(error, 'ClosedConnectionError') !== undefined || named(error, 'DrainingConnectionError') !== undefined) {
    return new FleetError(`${what}: the connection to the server was closed`, 'closed', { code: 'ENOTCONN', cause: error });
  }
  return new FleetError(`${what}: ${text}`, isUnanswered(error) ? 'server' : 'stream', { cause: error });
}
