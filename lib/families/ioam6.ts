import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ioam6Schema, type Ioam6Family } from './generated/ioam6.js';

export * from './generated/ioam6.js';

/** In-situ OAM of IPv6: namespaces, schemas, and the traces of received packets. @public */
export const ioam6: WatchableFamilyFactory<Ioam6Family, never> = watchableFamily(ioam6Schema, {
  'dump-namespaces': 'the kernel sends no event for namespaces',
  'dump-schemas': 'the kernel sends no event for schemas',
});
