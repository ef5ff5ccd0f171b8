import { expect } from 'chai';
import { EMPTY, NEVER, firstValueFrom, of, type ObservableInput } from 'rxjs';
import { confirmation } from '../../../lib/network/documents/apply/confirmation.js';
import type { Time } from '../../../lib/network/units/time.js';
import { network } from '../../../lib/network/network.js';

describe('confirmation of a document', () => {
  const outcome = (by: Parameters<typeof confirmation>[0]['by'], within = 1000) =>
    firstValueFrom(confirmation({ within, by }), { defaultValue: 'confirmed' }).catch((error: unknown) => (error as Error).message);

  it('is the first value, unless that is false', async () => {
    expect(await outcome(of('yes'))).to.equal('confirmed');
    expect(await outcome(of(undefined))).to.equal('confirmed');
    expect(await outcome(of(false))).to.contain('confirm.by emitted false');
    expect(await outcome(EMPTY)).to.contain('confirm.by completed without a value');
    expect(await outcome(NEVER, 5)).to.contain('confirm.by emitted no value within 5 ms');
  });

  it('is checked before anything is written', () => {
    const net = network();
    const apply = (within: Time, by: unknown) => () =>
      net.apply({ version: 1 }, { confirm: { within, by: by as ObservableInput<unknown> } });
    expect(apply('1s', undefined)).to.throw(TypeError, 'option confirm.by: expected an Observable or a promise, not undefined');
    expect(apply('1s', () => true)).to.throw(TypeError, 'option confirm.by: expected an Observable or a promise, not function');
    expect(apply('600h', of(1))).to.throw(TypeError, 'option confirm.within: expected at most 24 days');
    expect(apply('1s', Promise.resolve(true))).not.to.throw();
  });
});
