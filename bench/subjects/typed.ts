import { forkJoin, lastValueFrom } from 'rxjs';
import { hostIsLittleEndian, type NetlinkSocket } from '../../dist/index.js';
import { rtLink } from '../../dist/families/rt-link.js';

const RTM_GETLINK = 18;

/** Requests link 1 with the typed family, and awaits each row. */
export async function typedLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const client = rtLink(socket);
  for (let count = 0; count < times; count++) await lastValueFrom(client.do('getlink', { ifiIndex: 1 }));
  return times;
}

/** Requests one property of link 1, and awaits each row. */
export async function pickedLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const client = rtLink(socket);
  for (let count = 0; count < times; count++) await lastValueFrom(client.do('getlink', { ifiIndex: 1 }, { pick: ['ifname'] }));
  return times;
}

/** Requests link 1 with the typed family, 1,000 at once. */
export async function crowdOfLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const client = rtLink(socket);
  for (let count = 0; count < times; count += 1000)
    await lastValueFrom(forkJoin(Array.from({ length: 1000 }, () => client.do('getlink', { ifiIndex: 1 }))));
  return times;
}

/** Requests link 1 with `requestSync` in a loop. */
export function blockingLinks(socket: NetlinkSocket, times: number): Promise<number> {
  const payload = new Uint8Array(16);
  new DataView(payload.buffer).setInt32(4, 1, hostIsLittleEndian);
  for (let count = 0; count < times; count++) socket.requestSync({ type: RTM_GETLINK, payload });
  return Promise.resolve(times);
}
