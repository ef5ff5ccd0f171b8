import { ack, done, errorReply, fakeKernel, multipart, notification, type FakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder, AttributeReader, MessageFlags, type Message, type MessageInit } from '../../lib/wire/index.js';
import { RTM, RTNLGRP, join, linkHeader, linkIndex } from '../support/rtnetlink.js';

const IFLA_IFNAME = 3;
const IFLA_MTU = 4;

/** The part of rtnetlink that the contract needs: links whose MTU can be changed, and a missing table of routes. */
export function fakeRtnetlink(links: number): FakeKernel {
  const mtus = new Map(Array.from({ length: links }, (_, index) => [index + 1, 1500]));
  const row = (index: number): MessageInit => {
    const attributes = new AttributeEncoder().string(IFLA_IFNAME, `p${index}`).uint32(IFLA_MTU, mtus.get(index) ?? 0);
    return { type: RTM.NEWLINK, payload: join(linkHeader(index), attributes.encode()) };
  };
  const mtuAttribute = (request: Message) => new AttributeReader(request.payload, { start: 16 }).find(IFLA_MTU);

  return fakeKernel((request, { kernel }) => {
    const isDump = (request.flags & MessageFlags.Dump) !== 0;
    if (request.type === RTM.GETROUTE && isDump) return multipart([], done('ENOENT', { message: 'ipv4: FIB table does not exist' }));
    if (request.type === RTM.GETLINK && isDump) return multipart([...mtus.keys()].map(row));
    if (request.type !== RTM.GETLINK && request.type !== RTM.NEWLINK) return errorReply('EOPNOTSUPP');
    const index = linkIndex(request);
    if (!mtus.has(index)) return errorReply('ENODEV');
    if (request.type === RTM.GETLINK) return row(index);
    const mtu = mtuAttribute(request);
    if (mtu !== undefined) {
      if (mtu.payload.byteLength !== 4) return errorReply('ERANGE', { message: 'Attribute failed policy validation', offset: 32 });
      mtus.set(index, mtu.uint32());
      const { payload = new Uint8Array() } = row(index);
      kernel.notify(RTNLGRP.LINK, notification(RTM.NEWLINK, payload));
    }
    return (request.flags & MessageFlags.Ack) !== 0 ? ack() : [];
  });
}
