import type { Overlay } from '../overlay.js';
import { addresses, s64, secrets } from './words.js';

/** @internal */
export const wireguard: Overlay = {
  source: 'wireguard',
  entries: [
    ...secrets('linux/wireguard.h', 'wgdevice', ['private-key'], { 'display-hint': 'base64' }),
    ...secrets('linux/wireguard.h', 'wgpeer', ['preshared-key'], { 'display-hint': 'base64' }),
    ...['wgdevice', 'wgpeer'].map((set) => ({
      header: 'linux/wireguard.h',
      set,
      changeAttribute: 'public-key',
      to: { 'display-hint': 'base64' },
    })),
    {
      header: 'linux/wireguard.h',
      set: 'wgpeer',
      changeAttribute: 'endpoint',
      to: { 'display-hint': 'sockaddr_in-or-sockaddr_in6' },
      reason: 'the specification of Linux 7.3 has no display hint',
    },
    ...['wgdevice', 'wgpeer', 'wgallowedip'].map((set) => ({
      header: 'linux/wireguard.h',
      set,
      changeAttribute: 'flags',
      to: { checks: { 'flags-mask': `${set}-flags` } },
      reason: 'the policies of the kernel allow only these flags (WGDEVICE_F_ALL)',
    })),
    ...addresses('linux/wireguard.h', 'wgallowedip', ['ipaddr'], { family: 'family', prefix: 'cidr-mask' }),
    {
      header: 'linux/time_types.h',
      changeDefinition: '--kernel-timespec',
      to: { members: [s64('sec'), s64('nsec')] },
      reason: 'both are signed',
    },
    {
      header: 'linux/wireguard.h',
      changeOperation: 'get-device',
      to: {
        merge: {
          key: [],
          lists: [
            { path: ['peers'], by: 'property', property: 'publicKey' },
            { path: ['peers', '*', 'allowedips'], by: 'append' },
          ],
        },
      },
      reason: 'a device with many peers comes in many messages, of which only the first names it; a request asks for one device',
    },
  ],
};

/** @internal */
export const ovpn: Overlay = { source: 'ovpn', entries: secrets('linux/ovpn.h', 'keydir', ['cipher-key', 'nonce-tail']) };

/** @internal */
export const psp: Overlay = { source: 'psp', entries: secrets('linux/psp.h', 'keys', ['key']) };
