import { isNetworkError, type NetworkError } from 'rxnetlink/network';

/** The error codes of the CNI specification, and from 100 those of this plugin. */
export const ErrorCode = {
  IncompatibleVersion: 1,
  UnsupportedField: 2,
  UnknownContainer: 3,
  InvalidEnvironment: 4,
  InputOutput: 5,
  Decoding: 6,
  InvalidConfiguration: 7,
  TryAgainLater: 11,
  NotAvailable: 50,
  LimitedConnectivity: 51,
  /** The kernel rejected a request. */
  Kernel: 100,
  /** `CHECK` found a difference. */
  Different: 101,
  /** The interface exists already. */
  InterfaceExists: 102,
} as const;

/** A failure that the plugin reports to the container runtime. `message` is short, `details` states what to do. */
export class CniError extends Error {
  readonly code: number;
  readonly details: string;

  constructor(code: number, message: string, details: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CniError';
    this.code = code;
    this.details = details;
  }
}

/** Returns an error as a `CniError`, with the code by which the runtime decides whether to repeat the command. */
export function toCniError(error: unknown): CniError {
  if (error instanceof CniError) return error;
  if (isNetworkError(error)) return fromNetworkError(error);
  const details = error instanceof Error ? error.message : String(error);
  if (isSystemError(error)) return new CniError(ErrorCode.InputOutput, 'I/O failure', details, { cause: error });
  return new CniError(ErrorCode.Kernel, 'unexpected failure', details, { cause: error });
}

function fromNetworkError(error: NetworkError): CniError {
  const because = { cause: error };
  switch (error.reason) {
    case 'conflict':
    case 'busy':
    case 'timeout':
      return new CniError(ErrorCode.TryAgainLater, 'the network is changing', error.message, because);
    case 'invalid':
      return new CniError(ErrorCode.InvalidConfiguration, 'invalid network configuration', error.message, because);
    default:
      return new CniError(ErrorCode.Kernel, 'the kernel rejected a request', error.message, because);
  }
}

/** Returns true for the errors of node:fs. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
