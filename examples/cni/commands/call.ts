import { existsSync } from 'node:fs';
import type { Network } from 'rxnetlink/network';
import { Reservations } from '../addresses/reservations.js';
import { CniError, ErrorCode } from '../errors.js';
import { hostLinkName } from '../host/names.js';
import type { Configuration } from '../input/configuration.js';
import type { Owner } from '../input/parameters.js';

/** The network that a command is about. */
export interface Call {
  /** The namespace of the host. */
  readonly host: Network;
  readonly configuration: Configuration;
  readonly reservations: Reservations;
}

/** A command about one attachment. */
export interface AttachmentCall extends Call {
  readonly owner: Owner;
  /** The name of the host's end of the pair. */
  readonly hostLink: string;
}

export function makeCall(host: Network, configuration: Configuration): Call {
  return { host, configuration, reservations: new Reservations(configuration.pool) };
}

export function forAttachment(call: Call, owner: Owner): AttachmentCall {
  return { ...call, owner, hostLink: hostLinkName(call.configuration.name, owner) };
}

/** Throws if the namespace of a container does not exist. */
export function requireNamespace(netns: string): void {
  if (existsSync(netns)) return;
  const details = `CNI_NETNS is ${netns}, which does not exist: the container has ended, or was never started; nothing is left to delete`;
  throw new CniError(ErrorCode.UnknownContainer, 'the network namespace does not exist', details);
}
