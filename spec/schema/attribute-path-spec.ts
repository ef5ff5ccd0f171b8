import { expect } from 'chai';
import { nlctrlSchema as ctrlSchema } from '../../lib/families/generated/nlctrl.js';
import { ovsFlowSchema } from '../../lib/families/generated/ovs_flow.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { attributePathAt, describeAttributes, missingAttributePath, operationCodec } from '../../lib/schema/index.js';
import { AttributeReader, MESSAGE_HEADER_SIZE, encodeMessage } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { tlv } from './schemas.js';

const value = { ifiIndex: 3, ifname: 'v0', linkinfo: { kind: 'vxlan', data: { id: 42, local: '192.0.2.1' } }, mtu: 1400 };
const request = encodeMessage({ type: 16, payload: operationCodec(rtLinkSchema, 'newlink').encode(value) });

/** Finds the offsets of attributes by their numbers alone (IFLA_LINKINFO 18, IFLA_INFO_DATA 2, IFLA_VXLAN_ID 1). */
const attributes = new AttributeReader(request, { start: MESSAGE_HEADER_SIZE + 16 });
const linkinfo = attributes.find(18)!;
const data = linkinfo.attributes().find(2)!;
const id = data.attributes().find(1)!;

describe('attributePathAt', () => {
  it('names the attribute that starts at an offset', () => {
    expect(attributePathAt(rtLinkSchema, 'newlink', request, linkinfo.offset - 4)).to.equal('.linkinfo');
    expect(attributePathAt(rtLinkSchema, 'newlink', request, data.offset - 4)).to.equal('.linkinfo.data');
    expect(attributePathAt(rtLinkSchema, 'newlink', request, id.offset - 4)).to.equal('.linkinfo.data.id');
    expect(attributePathAt(rtLinkSchema, 'newlink', request, attributes.find(4)!.offset - 4)).to.equal('.mtu');
  });

  it('names header fields', () => {
    expect(attributePathAt(rtLinkSchema, 'newlink', request, MESSAGE_HEADER_SIZE + 4)).to.equal('.ifiIndex');
  });

  it('returns undefined for the message header, for offsets after the message, and for unknown operations', () => {
    expect(attributePathAt(rtLinkSchema, 'newlink', request, 4)).to.equal(undefined);
    expect(attributePathAt(rtLinkSchema, 'newlink', request, request.byteLength)).to.equal(undefined);
    expect(attributePathAt(rtLinkSchema, 'nosuch', request, id.offset - 4)).to.equal(undefined);
  });

  it('shows the number of an attribute that has no name', () => {
    const bytes = encodeMessage({ type: 16, payload: Uint8Array.of(...new Array<number>(16).fill(0), ...tlv(999)) });
    expect(attributePathAt(rtLinkSchema, 'newlink', bytes, 32)).to.equal('.999');
  });

  it('names attributes in records', () => {
    const hops = {
      multipath: [
        { rtnhIfindex: 1, gateway: '192.0.2.1' },
        { rtnhIfindex: 2, gateway: '192.0.2.2' },
      ],
    };
    const route = encodeMessage({ type: 24, payload: operationCodec(rtRouteSchema, 'newroute').encode(hops) });
    // RTA_MULTIPATH at 16 + 12; its header 4; two records of 8 and an attribute of 8.
    expect(attributePathAt(rtRouteSchema, 'newroute', route, 28)).to.equal('.multipath');
    expect(attributePathAt(rtRouteSchema, 'newroute', route, 32 + 8)).to.equal('.multipath[0].gateway');
    expect(attributePathAt(rtRouteSchema, 'newroute', route, 32 + 16 + 8)).to.equal('.multipath[1].gateway');
  });

  it('names the items of an ordered nest by their index', () => {
    // struct ovs_header; OVS_FLOW_ATTR_ACTIONS 2: OUTPUT 1, CLONE 20 of two OUTPUTs, OUTPUT.
    const output = (port: number): number[] => tlv(1, ...host(port, 0, 0, 0));
    const clone = tlv(20, ...output(2), ...output(3));
    const bytes = [2, 1, 0, 0, ...host(5, 0, 0, 0), ...tlv(2, ...output(1), ...clone, ...output(4))];
    const message = encodeMessage({ type: 40, payload: Uint8Array.from(bytes) });
    const at = MESSAGE_HEADER_SIZE + 12;
    expect(attributePathAt(ovsFlowSchema, 'new', message, at - 4)).to.equal('.actions');
    expect(attributePathAt(ovsFlowSchema, 'new', message, at)).to.equal('.actions[0].output');
    expect(attributePathAt(ovsFlowSchema, 'new', message, at + 8)).to.equal('.actions[1].clone');
    expect(attributePathAt(ovsFlowSchema, 'new', message, at + 20)).to.equal('.actions[1].clone[1].output');
    expect(attributePathAt(ovsFlowSchema, 'new', message, at + 28)).to.equal('.actions[2].output');
    expect(missingAttributePath(ovsFlowSchema, 'new', message, 5, at - 4)).to.equal('.actions.popVlan');
  });

  it('names attributes after a generic header, and the elements of an indexed array', () => {
    const payload = operationCodec(ctrlSchema, 'getfamily').encode({ mcastGroups: [{ id: 1, name: 'x' }, { id: 2 }] });
    const message = encodeMessage({ type: 16, payload });
    const groups = new AttributeReader(message, { start: 20 }).find(7)!;
    const second = [...groups.attributes()][1]!;
    expect(attributePathAt(ctrlSchema, 'getfamily', message, second.offset - 4)).to.equal('.mcastGroups[2]');
    expect(attributePathAt(ctrlSchema, 'getfamily', message, second.offset)).to.equal('.mcastGroups[2].id');
  });
});

describe('missingAttributePath', () => {
  it('names an attribute that the message lacks', () => {
    // IFLA_ADDRESS 1, IFLA_IFNAME 3.
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 1)).to.equal('.address');
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 3)).to.equal('.ifname');
  });

  it('names an attribute that a nest lacks', () => {
    // IFLA_INFO_SLAVE_KIND 4; IFLA_VXLAN_PORT 15.
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 4, linkinfo.offset - 4)).to.equal('.linkinfo.slaveKind');
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 15, data.offset - 4)).to.equal('.linkinfo.data.port');
  });

  it('returns undefined for a number without a name', () => {
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 9999)).to.equal(undefined);
    expect(missingAttributePath(rtLinkSchema, 'newlink', request, 1, 3)).to.equal(undefined);
  });
});

describe('describeAttributes', () => {
  it('lists every attribute, outer ones first', () => {
    expect(describeAttributes(rtLinkSchema, 'newlink', request).map(({ path, depth, type }) => [path, depth, type])).to.deep.equal([
      ['.ifname', 0, 3],
      ['.linkinfo', 0, 18],
      ['.linkinfo.kind', 1, 1],
      ['.linkinfo.data', 1, 2],
      ['.linkinfo.data.id', 2, 1],
      ['.linkinfo.data.local', 2, 4],
      ['.mtu', 0, 4],
    ]);
  });

  it('lists the attributes before a wrong length', () => {
    const broken = request.slice();
    broken[linkinfo.offset] = 255;
    expect(describeAttributes(rtLinkSchema, 'newlink', broken).map(({ path }) => path)).to.include.members([
      '.ifname',
      '.linkinfo',
      '.mtu',
    ]);
    for (let length = 0; length < request.byteLength; length++) describeAttributes(rtLinkSchema, 'newlink', request.subarray(0, length));
  });
});
