import type { StoredMsg } from '@nats-io/jetstream';
import type { FleetConnection } from './fleet-connection.js';
import { permissionError } from './server-error.js';

/** The connections whose accounts may not read every message of a stream, only the last one of their own subjects. */
const restricted = new WeakSet<FleetConnection>();

/**
 * Reads the last message of a subject; null if the stream has none.
 *
 * The leader of the stream answers, because a replica may be behind. An account with permissions for single subjects cannot ask the leader: that
 * request has its subject in the payload. Then any replica answers. An agent that reads an older message tries again, because the server rejects
 * its next publish.
 *
 * @internal
 */
export async function lastMessage(fleet: FleetConnection, stream: string, subject: string): Promise<StoredMsg | null> {
  const { streams, direct } = await fleet.manager;
  if (!restricted.has(fleet)) {
    try {
      return await streams.getMessage(stream, { last_by_subj: subject });
    } catch (error) {
      if (permissionError(stream, error) === undefined) throw error;
      restricted.add(fleet);
    }
  }
  return direct.getMessage(stream, { last_by_subj: subject });
}
