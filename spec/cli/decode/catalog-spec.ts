import { expect } from 'chai';
import { PROTOCOL_FAMILIES } from '../../../lib/cli/decode/message/family-catalog.js';
import { loadSchema } from '../../../lib/cli/families/load-schema.js';
import { typedName } from '../../../lib/cli/families/typed-name.js';
import { families, type FamilyName } from '../../../lib/families/index.js';

describe('the families that decode knows', () => {
  for (const name of Object.keys(families) as FamilyName[]) {
    it(`finds ${name} by its protocol, or by the kernel's name`, async () => {
      const schema = await loadSchema(name);
      if (name === 'uevent') expect(schema).to.equal(undefined);
      else if (schema?.generic === undefined) expect(PROTOCOL_FAMILIES[schema!.protocol]).to.include(name);
      else expect(typedName(schema.name)).to.equal(name);
    });
  }
});
