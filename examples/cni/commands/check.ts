import { existsSync } from 'node:fs';
import { forkJoin, map, type Observable } from 'rxjs';
import { network, type NetworkDocument, type Plan } from 'rxnetlink/network';
import { CniError, ErrorCode } from '../errors.js';
import { masqueradeDocument } from '../host/masquerade.js';
import type { Result } from '../result.js';
import type { AttachmentCall } from './call.js';

/**
 * Compares an attachment with the result of its `ADD`: `CHECK`.
 *
 * The result becomes two documents, of the host and of the container. The plan of a document lists what the kernel lacks, and writes
 * nothing. What later plugins have added is not an error.
 */
export function check(call: AttachmentCall, netns: string): Observable<void> {
  const { host, owner, configuration, reservations } = call;
  const { prevResult, pool } = configuration;
  if (prevResult === undefined) {
    const details = 'prevResult is missing; CHECK needs the result of ADD in the network configuration';
    throw new CniError(ErrorCode.InvalidConfiguration, 'invalid network configuration', details);
  }
  // Not code 3: it would mean that no DEL is needed, and the address is still reserved.
  if (!existsSync(netns)) throw different(`CNI_NETNS is ${netns}, which does not exist`);
  const reservation = reservations.find(owner);
  if (reservation === undefined) throw different(`${pool.folder} has no address of ${owner.containerID}/${owner.ifname}`);
  const address = `${reservation.address}/${pool.prefix}`;
  if (!(prevResult.ips ?? []).some((ip) => ip.address === address)) throw different(`prevResult lacks the reserved address ${address}`);
  return forkJoin([host.plan(hostDocument(call)), network({ netns }).plan(insideDocument(call, prevResult))]).pipe(
    map((plans) => {
      const lines = plans.flatMap(missing);
      if (lines.length > 0) throw different(lines.join('; '));
    }),
  );
}

const different = (details: string) =>
  new CniError(ErrorCode.Different, 'the container is not connected as ADD left it', `${details}; call DEL, then ADD`);

/** Returns the lines of a plan except those of objects that are not in the document. */
function missing({ differences, conflicts }: Plan): string[] {
  return [...differences.filter(({ action }) => action !== 'delete'), ...conflicts].map(({ text }) => text);
}

function hostDocument({ configuration, hostLink }: AttachmentCall): NetworkDocument {
  const { bridge, isGateway, ipMasq, pool } = configuration;
  const addresses = isGateway ? { addresses: [`${pool.gateway}/${pool.prefix}`] } : {};
  return {
    ...(ipMasq ? masqueradeDocument(configuration) : {}),
    version: 1,
    links: [
      { name: bridge, kind: 'bridge', up: true, ...addresses },
      { name: hostLink, master: bridge, up: true },
    ],
  };
}

function insideDocument({ owner, configuration }: AttachmentCall, { interfaces = [], ips = [] }: Partial<Result>): NetworkDocument {
  const index = interfaces.findIndex(({ name, sandbox }) => name === owner.ifname && sandbox !== undefined);
  if (index < 0) throw different(`prevResult lacks the interface ${owner.ifname}`);
  const { mac, mtu } = interfaces[index]!;
  const own = ips.filter((ip) => ip.interface === index);
  const gateway = own[0]?.gateway ?? configuration.pool.gateway;
  return {
    version: 1,
    links: [
      {
        name: owner.ifname,
        up: true,
        ...(mac === undefined ? {} : { mac }),
        ...(mtu === undefined ? {} : { mtu }),
        addresses: own.map(({ address }) => address),
      },
    ],
    // The routes of prevResult are those of all plugins of the chain.
    routes: configuration.routes.map(({ dst, gw }) => ({ to: dst, via: gw ?? gateway })),
  };
}
