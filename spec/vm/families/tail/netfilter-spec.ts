import { expect } from 'chai';
import { conntrackHelper } from '../../../../lib/families/conntrack_helper.js';
import { Flags, nfacct } from '../../../../lib/families/nfacct.js';
import { nfhook, type NfhookFamily } from '../../../../lib/families/nfhook.js';
import { requirePrograms } from '../../../support/programs.js';
import { last, modules, run } from '../../support.js';

const [INET, TCP, UDP] = [2, 6, 17];

describe('nfhook on the wide kernel', () => {
  before(() => {
    requirePrograms('nft');
    modules('nf_tables');
    run('nft add table ip vmhooks');
    run('nft add chain ip vmhooks first { type filter hook input priority -5 ; }');
    run('nft add chain ip vmhooks second { type filter hook input priority 7 ; }');
  });
  after(() => {
    run('nft delete table ip vmhooks');
  });

  /** Returns a function as nft prints it. */
  const line = ({ priority, chainInfo, functionName, moduleName }: NfhookFamily['dump']['get']['reply']): string => {
    const digits = String(Math.abs(priority!)).padStart(10, '0');
    const sign = priority! < 0 ? '-' : priority! > 0 ? '+' : ' ';
    const desc = chainInfo?.desc;
    const name = desc !== undefined && 'table' in desc ? `chain ip ${desc.table} ${desc.name!}` : functionName!;
    return `${sign}${digits} ${name}${moduleName === undefined ? '' : ` [${moduleName}]`}`;
  };

  it('lists the functions of a hook as nft does', async () => {
    using client = nfhook();
    const text = run('nft list hooks ip');
    const shown = /hook input \{\n([^}]*)\}/
      .exec(text)![1]!
      .split('\n')
      .map((each) => each.replace(/^\t+/, ''))
      .filter(Boolean);
    const rows = await last(client.list('get', { nfgenFamily: INET, hooknum: 1 }));
    expect(shown.length).to.be.at.least(2);
    expect(rows.map(line)).to.deep.equal(shown);
    const [first] = rows.filter(({ chainInfo }) => chainInfo !== undefined);
    expect(first!.chainInfo).to.deep.equal({ type: 'nftables', desc: { table: 'vmhooks', family: INET, name: 'first' } });
  });
});

describe('conntrackHelper on the wide kernel', () => {
  before(() => {
    requirePrograms('nfct');
    modules('nf_conntrack', 'nfnetlink_cthelper');
  });

  it('reads a helper that nfct has added', async () => {
    using client = conntrackHelper();
    run('nfct helper add ftp inet tcp');
    const rows = await last(client.list('get'));
    expect(rows).to.have.length(1);
    const [row] = rows;
    expect(row).to.deep.include({ name: 'ftp', tuple: { l3protonum: INET, l4protonum: TCP }, queueNum: 0, status: 'disabled' });
    expect(row!.policy!.setNum).to.equal(1);
    expect(row!.policy!.set1).to.deep.include({ name: 'ftp', expectMax: 1, expectTimeout: 300 });
    await last(client.do('del', { name: 'ftp' }));
    expect(await last(client.list('get'))).to.deep.equal([]);
  });

  it('adds and changes a helper, which nfct lists', async () => {
    using client = conntrackHelper();
    const policy = { setNum: 1, set1: { name: 'mine', expectMax: 4, expectTimeout: 60 } };
    const helper = { name: 'mine', tuple: { l3protonum: INET, l4protonum: UDP }, queueNum: 5, policy, privDataLen: 8 };
    await last(client.do('new', { ...helper, status: 'enabled' }, { exclusive: true }));
    expect(run('nfct helper list')).to.match(
      /\.name = mine,\s+\.queuenum = 5,\s+\.l3protonum = 2,\s+\.l4protonum = 17,\s+\.priv_data_len = 8,\s+\.status = enabled/,
    );
    await last(client.do('new', { name: 'mine', tuple: helper.tuple, queueNum: 6, status: 'disabled' }));
    expect(run('nfct helper list')).to.match(/\.queuenum = 6,[^]*\.status = disabled/);
    const error: unknown = await last(client.do('del', {})).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/^EENCODE del: 'name' is missing/);
    await last(client.do('del', { name: 'mine' }));
    expect(await last(client.list('get'))).to.deep.equal([]);
  });
});

describe('nfacct on the wide kernel', () => {
  it('counts packets of a rule, and reads that they exceed the quota', async () => {
    requirePrograms('iptables', 'nfacct');
    modules('nfnetlink_acct', 'xt_nfacct');
    run('ip link set lo up');
    using client = nfacct();
    await last(client.do('new', { name: 'vmquota', flags: Flags.QuotaPkts, quota: 2n }));
    run('iptables -A OUTPUT -o lo -m nfacct --nfacct-name vmquota');
    try {
      expect(await last(client.do('get', { name: 'vmquota' }))).to.deep.include({ flags: Flags.QuotaPkts, pkts: 0n, use: 2 });
      run('ping -c 3 -i 0.2 127.0.0.1');
      const row = await last(client.do('get', { name: 'vmquota' }));
      expect(row).to.deep.include({ name: 'vmquota', quota: 2n, flags: Flags.QuotaPkts | Flags.Overquota, pkts: 6n });
      expect(run('nfacct list'))
        .to.include(`bytes = ${String(row.bytes).padStart(20, '0')}, quota`)
        .and.match(/overquota = yes } = vmquota/);
    } finally {
      run('iptables -D OUTPUT -o lo -m nfacct --nfacct-name vmquota');
      await last(client.do('del', { name: 'vmquota' }));
    }
  });
});
