import { familyFactory, type FamilyFactory } from '../client/index.js';
import { wireguardSchema, type WireguardFamily } from './generated/wireguard.js';

export * from './generated/wireguard.js';

/** WireGuard devices and peers. @public */
export const wireguard: FamilyFactory<WireguardFamily> = familyFactory(wireguardSchema);
