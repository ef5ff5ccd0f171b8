import { AttributeReader, addressText, hostIsLittleEndian, type Message } from 'rxnetlink';
import { familyName, headerView, type FamilyName } from './rtnetlink.js';

/** An address of an interface. */
export interface Address {
  /** Index of the interface. */
  readonly index: number;
  readonly family: FamilyName;
  /** The interface's own address; `peer` is the address of the other end of a point-to-point link. */
  readonly address: string;
  readonly prefixLength: number;
  readonly peer?: string;
}

const IFADDRMSG_SIZE = 8;
const Ifa = { Address: 1, Local: 2 } as const;

/** Reads a NEWADDR or DELADDR; undefined for a family that the monitor does not show. */
export function decodeAddress(message: Message): Address | undefined {
  const { payload } = message;
  const header = headerView(payload, IFADDRMSG_SIZE);
  const family = familyName(header.getUint8(0));
  let local: string | undefined;
  let address: string | undefined;
  for (const attribute of new AttributeReader(payload, { start: IFADDRMSG_SIZE })) {
    if (attribute.type === Ifa.Local) local = addressText(attribute.payload);
    else if (attribute.type === Ifa.Address) address = addressText(attribute.payload);
  }
  // IFA_ADDRESS is the prefix's address: equal to IFA_LOCAL, or the peer's address, or, without IFA_LOCAL, the interface's own.
  const own = local ?? address;
  if (family === undefined || own === undefined) return undefined;
  return {
    index: header.getUint32(4, hostIsLittleEndian),
    family,
    address: own,
    prefixLength: header.getUint8(1),
    ...(address === undefined || address === own ? {} : { peer: address }),
  };
}
