import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { rtAddrlabel, type RtAddrlabelFamily } from '../../../lib/families/rt-addrlabel.js';
import type { FamilyClient, KernelError } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { json } from './names.js';

/** A row of `ip -j addrlabel list`. */
interface Shown {
  readonly address: string;
  readonly prefixlen: number;
  readonly label: number;
  readonly ifname?: string;
}

describe('rtAddrlabel', () => {
  const namespace = useNamespace();
  let client: FamilyClient<RtAddrlabelFamily>;

  const listed = (): Shown[] => json<Shown>(namespace(), 'ip -j addrlabel list');
  const read = async (): Promise<Shown[]> =>
    (await lastValueFrom(client.list('getaddrlabel'))).map(({ address, ifalPrefixlen, label, ifalIndex }) => ({
      ...{ address: address!, prefixlen: ifalPrefixlen, label: label! },
      ...(ifalIndex === 0 ? {} : { ifname: 'lo' }),
    }));

  before(() => {
    client = rtAddrlabel({ netns: namespace().path });
  });
  after(() => {
    client?.close();
  });

  it('reads the labels that ip lists', async () => {
    const shown = listed();
    expect(shown.length).to.be.at.least(8);
    expect(await read()).to.deep.equal(shown);
  });

  it('writes and deletes a label, which ip lists in between', async () => {
    const before = listed();
    await lastValueFrom(client.do('newaddrlabel', { address: 'fd00::/16', label: 77 }, { exclusive: true }));
    const row = { address: 'fd00::', prefixlen: 16, label: 77 };
    expect(listed()).to.deep.include(row);
    expect(await read()).to.deep.equal(listed());
    await lastValueFrom(client.do('deladdrlabel', { address: 'fd00::/16', label: 77 }));
    expect(listed()).to.deep.equal(before);
  });

  it('writes a label of one interface', async () => {
    await lastValueFrom(client.do('newaddrlabel', { address: 'fd01::/32', ifalIndex: 1, label: 5 }));
    expect(listed()).to.deep.include({ address: 'fd01::', prefixlen: 32, label: 5, ifname: 'lo' });
    await lastValueFrom(client.do('deladdrlabel', { address: 'fd01::/32', ifalIndex: 1, label: 5 }));
  });

  it('reads the label that an address has', async () => {
    namespace().ip('addrlabel add prefix fd02::/24 label 42');
    const { label, ifalPrefixlen } = await lastValueFrom(client.do('getaddrlabel', { address: 'fd02::1' }));
    expect({ label, ifalPrefixlen }).to.deep.equal({ label: 42, ifalPrefixlen: 24 });
  });

  it('names the address in errors', async () => {
    const request = client.do('deladdrlabel', { address: '2001:db8::/48', label: 1 });
    const error = (await lastValueFrom(request).catch((reason: unknown) => reason)) as KernelError;
    expect(error.message).to.equal('ESRCH deladdrlabel: label of 2001:db8::');
  });

  it('rejects an IPv4 address, which the kernel does not', async () => {
    const error = (await lastValueFrom(client.do('newaddrlabel', { address: '10.0.0.0/8', label: 1 })).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error.name).to.equal('EncodeError');
  });
});
