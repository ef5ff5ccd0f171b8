import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { conntrackSchema } from '../../lib/families/conntrack.js';
import { fouSchema } from '../../lib/families/fou.js';
import { mptcpPmSchema } from '../../lib/families/mptcp_pm.js';
import { ovsFlowSchema } from '../../lib/families/ovs_flow.js';
import { rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { rtNeighSchema } from '../../lib/families/rt-neigh.js';
import { rtRouteSchema } from '../../lib/families/rt-route.js';
import { rtRuleSchema } from '../../lib/families/rt-rule.js';
import { wireguardSchema } from '../../lib/families/wireguard.js';
import { operationCodec, type FamilySchema, type OperationMode } from '../../lib/schema/index.js';
import { MessageFlags, parseIp } from '../../lib/wire/index.js';

const INET = 2;
const INET6 = 10;

/** Encodes a request and decodes it again. */
function written(schema: FamilySchema, operation: string, request: object, mode: OperationMode = 'do'): Record<string, unknown> {
  const codec = operationCodec(schema, operation);
  return codec.decodePayload(codec.encode(request, mode)) as Record<string, unknown>;
}

function rejection(schema: FamilySchema, operation: string, request: object, mode: OperationMode = 'do', flags = 0): string {
  try {
    operationCodec(schema, operation).encode(request, mode, flags);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  return '';
}

describe('addresses of requests', () => {
  it('set the family and the length in the header', () => {
    expect(written(rtRouteSchema, 'newroute', { dst: '10.60.0.0/16' })).to.include({ rtmFamily: INET, rtmDstLen: 16, dst: '10.60.0.0' });
    expect(written(rtRouteSchema, 'newroute', { dst: 'fd60::/48' })).to.include({ rtmFamily: INET6, rtmDstLen: 48, dst: 'fd60::' });
    expect(written(rtRouteSchema, 'newroute', { dst: '::/0', src: 'fd61::/16' })).to.include({ rtmDstLen: 0, rtmSrcLen: 16 });
    expect(written(rtAddrSchema, 'newaddr', { local: '10.1.0.1', address: '10.1.0.2/32' })).to.include({
      ifaFamily: INET,
      ifaPrefixlen: 32,
    });
  });

  it('set the family and the length in attributes', () => {
    const peers = [{ allowedips: [{ ipaddr: '10.60.0.0/16' }, { ipaddr: 'fd60::/48' }] }];
    expect(written(wireguardSchema, 'set-device', { ifname: 'wg0', peers })['peers']).to.deep.equal([
      {
        allowedips: [
          { ipaddr: '10.60.0.0', family: INET, cidrMask: 16 },
          { ipaddr: 'fd60::', family: INET6, cidrMask: 48 },
        ],
      },
    ]);
    const data = { '6rdPrefix': '2001:db8::/32' };
    expect(written(rtLinkSchema, 'newlink', { linkinfo: { kind: 'sit', data } })['linkinfo']).to.deep.equal({
      kind: 'sit',
      data: { '6rdPrefix': '2001:db8::', '6rdPrefixlen': 32 },
    });
    expect(written(fouSchema, 'add', { localV6: 'fd00::1' })).to.deep.equal({ localV6: 'fd00::1', af: INET6 });
    expect(written(mptcpPmSchema, 'add-addr', { addr: { addr4: '10.1.0.1' } })).to.deep.equal({
      addr: { addr4: '10.1.0.1', family: INET },
    });
  });

  it('set the family from inside nests, records and structs', () => {
    const multipath = [{ rtnhIfindex: 3, gateway: 'fd00::1' }];
    expect(written(rtRouteSchema, 'newroute', { multipath })).to.include({ rtmFamily: INET6 });
    const tupleOrig = { tupleIp: { ipV4Src: '10.1.0.1', ipV4Dst: '10.1.0.2' } };
    expect(written(conntrackSchema, 'get', { tupleOrig })).to.include({ nfgenFamily: INET });
    expect(written(rtRouteSchema, 'newroute', { via: { rtviaAddr: 'fd00::1' } })).to.deep.include({
      rtmFamily: 0,
      via: { rtviaFamily: INET6, rtviaAddr: 'fd00::1' },
    });
  });

  it('must agree with the family of the request, in any part of it', () => {
    expect(rejection(rtAddrSchema, 'newaddr', { ifaFamily: INET, ifaPrefixlen: 24, local: '2001:db8::1' })).to.equal(
      'EENCODE .local: "2001:db8::1" is an IPv6 address but ifaFamily is 2 (AF_INET); omit ifaFamily or set it to 10 (AF_INET6)',
    );
    expect(rejection(rtRouteSchema, 'newroute', { rtmFamily: INET6, multipath: [{ gateway: '10.1.0.1' }] })).to.match(
      /^EENCODE \.multipath\[0\]\.gateway: "10\.1\.0\.1" is an IPv4 address but rtmFamily is 10 \(AF_INET6\)/,
    );
    expect(rejection(conntrackSchema, 'get', { nfgenFamily: INET6, tupleOrig: { tupleIp: { ipV4Src: '10.1.0.1' } } })).to.match(
      /nfgenFamily is 10/,
    );
    expect(rejection(fouSchema, 'add', { af: INET, localV6: 'fd00::1' })).to.match(/af is 2 \(AF_INET\)/);
  });

  it('must agree with each other', () => {
    expect(rejection(rtAddrSchema, 'newaddr', { local: '10.1.0.1/24', address: 'fd00::1' })).to.equal(
      'EENCODE .address: "fd00::1" is an IPv6 address but .local has set ifaFamily to 2 (AF_INET); all addresses must be of one family',
    );
    expect(rejection(rtAddrSchema, 'newaddr', { local: '10.1.0.1/24', address: '10.1.0.2/32' })).to.equal(
      'EENCODE .address: "10.1.0.2/32" has the prefix length 32 but .local has set ifaPrefixlen to 24',
    );
    expect(rejection(rtRuleSchema, 'newrule', { src: '10.60.0.0/16', srcLen: 0 })).to.match(/length 16 but srcLen is 0$/);
  });

  it('must be of the family of the attribute; IPv4-mapped addresses are IPv6', () => {
    const data = { id: 1, group: '::ffff:10.1.0.1' };
    expect(rejection(rtLinkSchema, 'newlink', { linkinfo: { kind: 'vxlan', data } })).to.equal(
      `EENCODE .linkinfo.data.group: "::ffff:10.1.0.1" is an IPv6 address; expected an IPv4 address; 'group6' takes an IPv6 address`,
    );
    expect(written(rtNeighSchema, 'newneigh', { dst: '::ffff:10.1.0.1' })).to.include({ ndmFamily: INET6 });
  });

  it('fill a member of a struct', () => {
    const key = { ethernet: { ethSrc: '02:00:00:01' } };
    expect(rejection(ovsFlowSchema, 'new', { key })).to.match(/a link-layer address of 4 bytes; expected a link-layer address of 6 bytes/);
  });

  it('need a prefix length in attributes that have one', () => {
    for (const [schema, operation, request] of [
      [rtAddrSchema, 'newaddr', { address: '10.1.0.1' }],
      [rtAddrSchema, 'deladdr', { address: '10.1.0.1' }],
      [rtAddrSchema, 'deladdr', { local: 'fd00::1' }],
      [rtRouteSchema, 'newroute', { dst: '10.1.0.1' }],
      [rtRouteSchema, 'delroute', { dst: '10.1.0.1' }],
      [rtRuleSchema, 'newrule', { dst: '10.1.0.1' }],
      [rtRuleSchema, 'delrule', { src: '10.1.0.1' }],
      [wireguardSchema, 'set-device', { peers: [{ allowedips: [{ ipaddr: '10.1.0.1' }] }] }],
    ] as const) {
      expect(rejection(schema, operation, request), `${operation} ${JSON.stringify(request)}`).to.match(
        /has no prefix length and \w+ is omitted; write ".*\/(?:32|128)"/,
      );
    }
    expect(written(rtRouteSchema, 'newroute', { dst: '10.0.0.0', rtmDstLen: 0 })).to.include({ rtmDstLen: 0 });
    expect(written(rtAddrSchema, 'deladdr', { local: '10.1.0.1' })).to.include({ ifaPrefixlen: 0 });
    expect(written(rtRouteSchema, 'getroute', { dst: 'fd00::1' })).to.include({ rtmDstLen: 128 });
    expect(written(rtRouteSchema, 'getroute', { dst: '10.1.0.1' }, 'dump')).to.include({ rtmFamily: INET, rtmDstLen: 0 });
  });

  it('reject prefix lengths that are longer than the address', () => {
    for (const dst of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/1e1'])
      expect(rejection(rtRouteSchema, 'newroute', { dst }), dst).to.match(/is not an IP address, with or without a prefix length$/);
    expect(rejection(rtRouteSchema, 'newroute', { gateway: '10.0.0.1/8' })).to.match(/is not an IP address; it has no prefix length$/);
  });

  it('may have any width in families that carry several', () => {
    for (const dst of ['192.0.2.1', '2001:db8::1']) {
      expect(written(rtNeighSchema, 'newneigh', { ndmFamily: 7, dst })).to.include({ ndmFamily: 7, dst });
      expect(written(rtRouteSchema, 'newroute', { rtmFamily: 28, rtmDstLen: 20, dst })).to.include({ rtmFamily: 28, dst });
    }
    expect(rejection(rtRouteSchema, 'getroute', { rtmFamily: 128, dst: 'fd00::1' })).to.match(/rtmFamily is 128 \(RTNL_FAMILY_IPMR\)/);
  });

  it('are neither checked nor completed if they are bytes', () => {
    const request = { rtmFamily: INET, dst: parseIp('2001:db8::1') };
    expect(written(rtRouteSchema, 'newroute', request)).to.include({ rtmFamily: INET, rtmDstLen: 0, dst: '2001:db8::1' });
    expect(written(rtRouteSchema, 'newroute', { dst: parseIp('10.0.0.0') })).to.include({ rtmFamily: 0 });
  });

  it('are neither checked nor completed in messages of the kernel', () => {
    const row = { rtmFamily: INET, dst: '2001:db8::1' };
    expect(written(rtRouteSchema, 'getroute', row, 'reply')).to.include({ rtmFamily: INET, rtmDstLen: 0 });
    expect(written(rtRouteSchema, 'newroute-ntf', row, 'notify')).to.include({ rtmFamily: INET, rtmDstLen: 0 });
    expect(written(rtLinkSchema, 'getlink', { ifiFlags: 1 }, 'reply')).to.include({ ifiChange: 0 });
  });
});

describe('the mask of link flags', () => {
  it('defaults to the flags that are set', () => {
    expect(written(rtLinkSchema, 'newlink', { ifiFlags: 0x41 })).to.include({ ifiFlags: 0x41, ifiChange: 0x41 });
    expect(written(rtLinkSchema, 'newlink', { ifiFlags: 1, ifiChange: 0 })).to.include({ ifiFlags: 1, ifiChange: 0 });
    // Without the flags of the message the encoder does not know if the link exists.
    expect(written(rtLinkSchema, 'newlink', { ifiFlags: 0 })).to.include({ ifiFlags: 0, ifiChange: 0 });
  });

  it('is required for flags of 0 of an existing link', () => {
    const message = 'EENCODE .ifiFlags: 0 without ifiChange changes nothing; set ifiChange to the flags to clear';
    for (const operation of ['newlink', 'setlink']) expect(rejection(rtLinkSchema, operation, { ifiFlags: 0 })).to.equal(message);
    expect(rejection(rtLinkSchema, 'newlink', { ifiFlags: 0 }, 'do', MessageFlags.Create)).to.equal('');
    expect(rejection(rtLinkSchema, 'newlink', { ifiFlags: 0, ifiChange: 0 })).to.equal('');
    expect(rejection(rtLinkSchema, 'dellink', { ifiFlags: 0 })).to.equal('');
  });
});
