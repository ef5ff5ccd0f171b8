import { expect } from 'chai';
import { isRead, type FamilySchema } from '../../lib/schema/index.js';
import { loadSchemas } from '../codegen/generated.js';

const schemas = new Map<string, FamilySchema>((await loadSchemas()).map((schema) => [schema.source, schema]));

function reads(source: string): string[] {
  const schema = schemas.get(source)!;
  const requests = schema.operations.filter((one) => one.do !== undefined || one.dump !== undefined);
  return requests.map(({ name }) => name).filter((name) => isRead(schema, name));
}

describe('isRead()', () => {
  for (const [source, expected] of [
    ['rt-link', 'getlink getstats'],
    ['rt-route', 'getroute getnexthop getnexthopbucket'],
    ['tc', 'getqdisc gettclass gettfilter getchain getaction'],
    ['sock_diag', 'inet mptcp unix netlink packet vsock xdp sctp smc tipc'],
    ['nlctrl', 'getfamily getpolicy'],
    ['nftables', 'gettable getchain getrule getset getsetelem getgen getobj getflowtable getcompat'],
    ['conntrack', 'get get-stats get-stats-global'],
    ['ipset', 'protocol list save test header type get-byname get-byindex'],
    ['xfrm', 'getsa getpolicy getae getsadinfo getspdinfo getdefault'],
    ['audit', 'get signal-info list-rules tty-get get-feature'],
    ['cn_proc', ''],
    ['wireguard', 'get-device'],
    ['nfnetlink_queue', ''],
    ['nlbl_mgmt', 'listall listdef protocols version'],
    ['nlbl_unlbl', 'list staticlist staticlistdef'],
    ['ovs_meter', 'features get'],
  ] as const)
    it(`names the operations of ${source} that only read`, () => {
      expect(reads(source).join(' ')).to.equal(expected);
    });

  it('names no operation that creates, changes or deletes', () => {
    const writes = /^(?:new|set|add(?!r)|del|create|delete|destroy|flush|upd|reload|config$|register|bind|zero|clear|swap|rename)/;
    for (const source of schemas.keys()) {
      for (const name of reads(source)) {
        expect(name, source).not.to.match(writes);
        expect(name, source).not.to.match(/-(?:set|new|del|add|reset|clear|act|ctrzero)$/);
      }
    }
  });

  it('throws for names without a request', () => {
    const schema = schemas.get('rt-link')!;
    expect(() => isRead(schema, 'getlnk')).to.throw(
      TypeError,
      "isRead: rt-link: 'getlnk': the family has no such operation; did you mean getlink?",
    );
    expect(() => isRead(schema, 'newlink-ntf')).to.throw(
      TypeError,
      "isRead: rt-link: 'newlink-ntf': it is a notification, which has no request",
    );
  });
});
