import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { KernelError, MessageFlags, Protocol, ipv4Text, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { errorOf, collect, until, useSockets } from '../../support/sockets.js';

// uapi/linux/xfrm.h
const XFRM = { NEWPOLICY: 19, GETPOLICY: 21, GETSPDINFO: 37 } as const;
const XFRMNLGRP_POLICY = 4;
const POLICY_ID_SIZE = 64;

/** Returns the `struct xfrm_selector` of a policy: destination and source with their prefix lengths. */
function selectorOf({ payload }: Message): string {
  const address = (offset: number) => ipv4Text(payload, offset);
  return `src ${address(16)}/${String(payload[43])} dst ${address(0)}/${String(payload[42])}`;
}

describe('xfrm', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  before(function () {
    try {
      namespace().batch(
        Array.from({ length: 200 }, (_, index) => `xfrm policy add dir out src 10.0.0.0/24 dst 10.1.${String(index)}.0/24 priority 5`),
      );
    } catch (error) {
      skipBecause(this, 'this kernel has no IPsec policies', error);
    }
  });
  beforeEach(() => {
    socket = open({ protocol: Protocol.Xfrm, netns: namespace().path });
  });

  const dump = { type: XFRM.GETPOLICY, flags: MessageFlags.Dump, payload: new Uint8Array(POLICY_ID_SIZE) };

  it('dumps the policies that ip shows', async () => {
    const rows = await lastValueFrom(socket.request(dump, { timeout: 2000 }).pipe(toArray()));
    const shown = namespace()
      .ip('xfrm policy')
      .match(/^src \S+ dst \S+/gm);
    expect(shown).to.have.length(200);
    expect(rows.map(selectorOf)).to.have.members(shown ?? []);
    expect(new Set(rows.map(({ type }) => type))).to.deep.equal(new Set([XFRM.NEWPOLICY]));
  });

  it('receives the reply to a request other than a dump', async () => {
    const flags = new Uint8Array(4);
    const replies = await lastValueFrom(socket.request({ type: XFRM.GETSPDINFO, payload: flags }, { timeout: 2000 }).pipe(toArray()));
    expect(replies.map(({ type }) => type)).to.deep.equal([36]);
  });

  it('fails with ENOENT for a policy that does not exist', async () => {
    const error = await errorOf(socket.request({ type: XFRM.GETPOLICY, payload: new Uint8Array(POLICY_ID_SIZE) }, { timeout: 2000 }));
    expect(error).to.be.instanceOf(KernelError).and.include({ code: 'ENOENT' });
  });

  it('receives changes of policies as a member of their group', async () => {
    const policies = collect(socket.multicast(XFRMNLGRP_POLICY));
    namespace().ip('xfrm policy add dir out src 10.0.0.0/24 dst 10.9.9.0/24');
    await until('the event', () => policies.values.length > 0);
    expect(policies.values.map(selectorOf)).to.deep.equal(['src 10.0.0.0/24 dst 10.9.9.0/24']);
    expect(policies.values[0]).to.include({ type: XFRM.NEWPOLICY, group: XFRMNLGRP_POLICY });
  });
});
