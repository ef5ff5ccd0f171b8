import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { wireguardSchema, type WireguardFamily } from './generated/wireguard.js';

export * from './generated/wireguard.js';

/** WireGuard devices and peers. @public */
export const wireguard: WatchableFamilyFactory<WireguardFamily, never> = watchableFamily(wireguardSchema, {
  'get-device': 'WireGuard sends no events; dump a device at an interval',
});
