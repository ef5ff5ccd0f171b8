import { expect } from 'chai';
import { OpFlags } from '../../../lib/families/nlctrl.js';
import { policySchema } from '../../../lib/families/policy/policy-schema.js';
import { host } from '../../support/host-order.js';
import { operationCodec } from '../../../lib/schema/index.js';

const family = { familyId: 20, familyName: 'example', version: 1 };
/** Command 1 of version 1 (struct genlmsghdr). */
const HEADER = [1, 1, 0, 0];

describe('policySchema', () => {
  it('has an empty set for a policy of which the kernel reports no attribute', () => {
    const flags = OpFlags.CmdCapDo | OpFlags.CmdCapDump | OpFlags.CmdCapHaspol;
    // The policy of `do` has one attribute, and a nest without any; that of `dump` is named only.
    const policies = {
      opPolicy: [{ do: 0, dump: 1 }],
      policy: [
        { policyId: 0, attrId: 1, type: 'u32' as const },
        { policyId: 0, attrId: 2, type: 'nested' as const, policyIdx: 2 },
      ],
    };
    const codec = operationCodec(policySchema(family, [{ id: 1, flags, policies: policies as never }], false), '1');
    expect([...codec.encode({}, 'dump')]).to.deep.equal(HEADER);
    expect(() => codec.encode({ 1: 7 }, 'dump')).to.throw('1');
    expect([...codec.encode({ 1: 7, 2: {} }, 'do')]).to.deep.equal([
      ...[...HEADER, ...host(8, 0), ...host(1, 0), ...host(7, 0, 0, 0)],
      ...[...host(4, 0), ...host(2, 128)],
    ]);
  });
});
