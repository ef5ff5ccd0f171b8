/*
 * Lists the links twice and prints `{"first", "second"}`: the time of each list in milliseconds. The first one compiles the codecs.
 */
import { lastValueFrom } from 'rxjs';
import { rtLink } from '../../../dist/families/rt-link.js';

const client = rtLink();
const lease = client.socket.connect();

async function list(): Promise<number> {
  const began = performance.now();
  await lastValueFrom(client.list('getlink'));
  return performance.now() - began;
}

const first = await list();
const second = await list();
console.log(JSON.stringify({ first, second }));
lease.unsubscribe();
