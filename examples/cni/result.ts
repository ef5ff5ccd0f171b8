import type { Configuration } from './input/configuration.js';

/** A link that belongs to an attachment; `sandbox` is the path of its network namespace, absent for links of the host. */
export interface ResultInterface {
  readonly name: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly sandbox?: string;
}

/** An address; `interface` is an index into the interfaces. */
export interface ResultIp {
  readonly address: string;
  readonly gateway?: string;
  readonly interface?: number;
}

/** A route of the container; without `gw`, its gateway is that of the address. */
export interface ResultRoute {
  readonly dst: string;
  readonly gw?: string;
}

/** The result of a successful `ADD`. */
export interface Result {
  readonly cniVersion: string;
  readonly interfaces: readonly ResultInterface[];
  readonly ips: readonly ResultIp[];
  readonly routes: readonly ResultRoute[];
  readonly dns: object;
}

/** A link as the kernel has it. */
interface LinkOfResult {
  readonly name: string;
  readonly mac?: string;
  readonly mtu?: number;
}

/**
 * Returns the result of `ADD`. What plugins before this one have made is kept, at its place.
 *
 * @param hostLinks - The bridge, and the host's end of the pair.
 * @param inside - The container's end.
 */
export function toResult(
  { cniVersion, pool, routes, dns, prevResult }: Configuration,
  hostLinks: readonly LinkOfResult[],
  inside: LinkOfResult & { readonly netns: string; readonly address: string },
): Result {
  // Specification 1.0 has no MTU.
  const toInterface = ({ name, mac, mtu }: LinkOfResult): ResultInterface => ({
    name,
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined || cniVersion === '1.0.0' ? {} : { mtu }),
  });
  const interfaces = [...(prevResult?.interfaces ?? []), ...hostLinks.map(toInterface), { ...toInterface(inside), sandbox: inside.netns }];
  const ip = { address: inside.address, gateway: pool.gateway, interface: interfaces.length - 1 };
  return {
    cniVersion,
    interfaces,
    ips: [...(prevResult?.ips ?? []), ip],
    routes: [...(prevResult?.routes ?? []), ...routes],
    dns: dns ?? prevResult?.dns ?? {},
  };
}
