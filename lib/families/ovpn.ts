import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ovpnSchema, type OvpnFamily } from './generated/ovpn.js';

export * from './generated/ovpn.js';

/** OpenVPN devices, their peers and keys. @public */
export const ovpn: WatchableFamilyFactory<OvpnFamily, never> = watchableFamily(ovpnSchema, {
  'peer-get': 'the kernel sends no event for new peers',
});
