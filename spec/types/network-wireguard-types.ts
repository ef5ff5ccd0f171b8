/*
 * Compiled with all other files, never run: the types of WireGuard links and peers.
 */
import { expectTypeOf } from 'expect-type';
import { network, type LinkSpec, type WireguardOptions, type WireguardPeer, type WireguardPeerSpec } from '../../lib/network/index.js';

const { links, wireguard } = network();
declare const link: LinkSpec & { readonly kind: 'wireguard' };

/* Secrets are written, never read */
expectTypeOf<WireguardPeer['presharedKey']>().toEqualTypeOf<undefined>();
expectTypeOf<WireguardOptions['privateKey']>().toEqualTypeOf<undefined>();
expectTypeOf<NonNullable<WireguardOptions['peers']>[number]['presharedKey']>().toEqualTypeOf<undefined>();
expectTypeOf<WireguardPeerSpec['presharedKey']>().toEqualTypeOf<string | null | undefined>();
expectTypeOf(link.wireguard?.privateKey).toEqualTypeOf<string | null | undefined>();

/* Units */
expectTypeOf<WireguardPeer['keepalive']>().toEqualTypeOf<number | undefined>();
wireguard.ensure({ link: 'wg0', publicKey: '', keepalive: '25s', presharedKey: null, allowedIps: ['10.0.0.0/8'] });
// @ts-expect-error the kernel cannot remove an endpoint
wireguard.ensure({ link: 'wg0', publicKey: '', endpoint: null });
// @ts-expect-error a filter cannot name a secret
wireguard.list({ presharedKey: '' });
// @ts-expect-error WireGuard sends no events
expectTypeOf(wireguard.watch).toBeNever();

/* What was read can be written */
declare const peer: WireguardPeer;
wireguard.ensure(peer);
wireguard.delete(peer);
links.get('wg0', { with: 'wireguard' }).subscribe((read) => {
  expectTypeOf(read.wireguard?.publicKey).toEqualTypeOf<string | undefined>();
  links.ensure(read);
});
links.add({ name: 'wg0', kind: 'wireguard', wireguard: { privateKey: '', listenPort: 1, peers: [{ publicKey: '', keepalive: 25_000 }] } });
// @ts-expect-error a dummy has no keys
links.add({ name: 'd0', kind: 'dummy', wireguard: { privateKey: '' } });
