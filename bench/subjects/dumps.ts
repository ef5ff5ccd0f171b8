import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import { AddressFamily, AttributeEncoder, MessageFlags, hostIsLittleEndian, type Message, type NetlinkSocket } from '../../dist/index.js';
import { rtRoute } from '../../dist/families/rt-route.js';

const RTM_GETLINK = 18;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTA_DST = 1;

/** Counts the values of a stream. */
export function countOf<T>(stream: Observable<T>, counts: (value: T) => boolean = () => true): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    stream.subscribe({
      next: (value) => {
        if (counts(value)) count++;
      },
      error: reject,
      complete: () => {
        resolve(count);
      },
    });
  });
}

/** Dumps the IPv4 routes as messages. */
export function dumpRoutes(socket: NetlinkSocket): Promise<number> {
  const payload = new Uint8Array(12);
  payload[0] = AddressFamily.Inet;
  return countOf(socket.request({ type: RTM_GETROUTE, flags: MessageFlags.Dump, payload }), ({ type }) => type === RTM_NEWROUTE);
}

/** Dumps the routes as a stream of typed rows. */
export function streamRoutes(socket: NetlinkSocket): Promise<number> {
  return countOf(rtRoute(socket).dump('getroute', { rtmFamily: AddressFamily.Inet }));
}

/** Dumps the routes as an array of typed rows. */
export async function keepRoutes(socket: NetlinkSocket): Promise<number> {
  return (await lastValueFrom(rtRoute(socket).list('getroute', { rtmFamily: AddressFamily.Inet }))).length;
}

/** Watches the routes until the collection is synced. */
export async function watchRoutes(socket: NetlinkSocket): Promise<number> {
  const change = await firstValueFrom(rtRoute(socket).watch('getroute', { rtmFamily: AddressFamily.Inet }));
  return change.type === 'synced' ? change.entries.length : 0;
}

/** Returns an Observable that requests the route to 127.0.0.1 when it is subscribed. */
export function routeRequest(socket: NetlinkSocket): Observable<Message> {
  const destination = new AttributeEncoder().bytes(RTA_DST, Uint8Array.of(127, 0, 0, 1)).encode();
  const payload = new Uint8Array(12 + destination.byteLength);
  payload.set([AddressFamily.Inet, 32]);
  payload.set(destination, 12);
  return socket.request({ type: RTM_GETROUTE, payload });
}

/** Returns an Observable that requests link 1 when it is subscribed. */
export function linkRequest(socket: NetlinkSocket, ordered = false): Observable<Message> {
  const payload = new Uint8Array(16);
  new DataView(payload.buffer).setInt32(4, 1, hostIsLittleEndian);
  return socket.request({ type: RTM_GETLINK, payload }, { ordered });
}
