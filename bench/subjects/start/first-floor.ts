/*
 * Lists the links twice without codecs, as bytes of attributes by their type, and prints `{"first", "second"}`: the time of each list in milliseconds.
 */
import { lastValueFrom, map, toArray } from 'rxjs';
import { AttributeReader, MessageFlags, Protocol, netlink } from '../../../dist/index.js';

/** RTM_GETLINK, and the size of its header, `ifinfomsg`. */
const GET_LINK = 18;
const HEADER_SIZE = 16;

const socket = netlink({ protocol: Protocol.Route });
const lease = socket.connect();

async function list(): Promise<number> {
  const began = performance.now();
  const request = { type: GET_LINK, flags: MessageFlags.Dump, payload: new Uint8Array(HEADER_SIZE) };
  const rows = socket.request(request).pipe(
    map(({ payload }) => {
      const row: Record<number, Uint8Array> = {};
      for (const { type, payload: value } of new AttributeReader(payload, { start: HEADER_SIZE })) row[type] = value;
      return row;
    }),
    toArray(),
  );
  await lastValueFrom(rows);
  return performance.now() - began;
}

const first = await list();
const second = await list();
console.log(JSON.stringify({ first, second }));
lease.unsubscribe();
