import { expect } from 'chai';
import { selectionOf } from '../../../lib/cli/monitor/selection.js';
import { UsageError } from '../../../lib/cli/run/usage-error.js';

const NONE: ReadonlySet<string> = new Set();

describe('selectionOf', () => {
  it('selects all tables and families without words, except those that are received by name only', () => {
    const { topics, receives, receivesGeneric } = selectionOf([], NONE);
    expect(topics.map(({ name }) => name))
      .to.include.members(['links', 'routes', 'firewall', 'connections', 'devices'])
      .and.not.include.members(['audit'])
      .and.not.include.members(['processes']);
    expect(receivesGeneric).to.equal(true);
    expect(['nl80211', 'devlink', 'thermal', 'handshake', 'sunrpc'].filter(receives)).to.deep.equal(['nl80211', 'devlink', 'thermal']);
  });

  it('joins the group of acquire, which changes the kernel, only if ipsec is named', () => {
    const groups = (words: readonly string[]) => {
      const { topics, groupsOf } = selectionOf(words, NONE);
      return groupsOf(topics.find(({ name }) => name === 'ipsec')!);
    };
    expect(groups([])).to.not.include(1);
    expect(groups(['xfrm'])).to.include(1);
  });

  it('accepts names of tables, of families of the package, and of families of the kernel only', () => {
    const { topics, receives } = selectionOf(['links', 'conntrack', 'families', 'thermal'], new Set(['thermal']));
    expect(topics.map(({ name }) => name)).to.deep.equal(['links', 'connections']);
    expect(['nlctrl', 'thermal', 'ethtool'].filter(receives)).to.deep.equal(['nlctrl', 'thermal']);
    expect(selectionOf(['links'], NONE).receivesGeneric).to.equal(false);
  });

  it('suggests a name for an unknown one', () => {
    expect(() => selectionOf(['ruotes'], NONE)).to.throw(UsageError, /there is no 'ruotes'.*did you mean routes\?/);
  });
});
