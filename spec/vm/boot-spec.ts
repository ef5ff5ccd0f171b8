import { readFileSync } from 'node:fs';
import { release } from 'node:os';

import { expect } from 'chai';

describe('the wide kernel', () => {
  it('is the one of the package, not that of the machine', () => {
    expect(release()).to.match(/-amd64$/);
    expect(release()).not.to.equal(process.env['VM_HOST_RELEASE']);
    expect(readFileSync('/proc/modules', 'utf8')).to.match(/^9p /m);
  });
});
