import { expect } from 'chai';
import { selinuxSchema } from '../../../lib/families/generated/selinux.js';
import { operationCodec } from '../../../lib/schema/index.js';

/** The two structs of linux/selinux_netlink.h are one number each, in the byte order of the host. */
describe('selinux', () => {
  const decode = (name: string, number: number): unknown =>
    operationCodec(selinuxSchema, name).decodePayload(new Uint8Array(Int32Array.of(number).buffer));

  it('decodes the events of a kernel that starts and stops enforcing its policy', () => {
    expect(decode('setenforce', 1)).to.deep.equal({ val: 1 });
    expect(decode('setenforce', 0)).to.deep.equal({ val: 0 });
    expect(decode('setenforce', -1)).to.deep.equal({ val: -1 });
  });

  it('decodes the number of a policy that was loaded', () => {
    expect(decode('policyload', -2)).to.deep.equal({ seqno: 0xfffffffe });
  });

  it('has one group, and no requests', () => {
    expect(selinuxSchema.groups).to.deep.equal([{ name: 'selnlgrp-avc', number: 1 }]);
    expect(selinuxSchema.operations.map(({ name }) => name)).to.deep.equal(['setenforce', 'policyload']);
  });
});
