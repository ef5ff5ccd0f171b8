import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');

/** The rows of measured facts. */
const MEASURED = 111;

interface Row {
  readonly number: number;
  readonly proof: string;
}

function rowsOf(page: string): readonly Row[] {
  return page.split('\n').flatMap((line) => {
    const [, number, , proof] = /^\| +(\d+) \| (.+?) +\| (.+?) +\|$/.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), proof: proof! }];
  });
}

describe("the page of the kernel's facts that documents meet", () => {
  const rows = rowsOf(readFileSync(join(root, 'docs/contributing/network/kernel-facts.md'), 'utf8'));
  const files = readdirSync(join(root, 'spec'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('-spec.ts'));

  it('has a row for each measured fact', () => {
    expect(rows.length).to.be.greaterThan(MEASURED);
    expect(rows.map(({ number }) => number)).to.deep.equal(rows.map((_, index) => index + 1));
  });

  it('names a spec that exists, with its title, or a reason', () => {
    const wrong = rows.flatMap(({ number, proof }) => {
      const named = [...proof.matchAll(/`([\w/-]+-spec)`: ([^;]+)/g)];
      if (named.length === 0) return proof.startsWith('none: ') ? [] : [`${number}: ${proof}`];
      return named.flatMap(([, name, text]) => {
        const found = files.filter((file) => `/${file}`.endsWith(`/${name}.ts`));
        const title = text!.replace(/, on 6\.12$/, '').trim();
        const isThere = found.length === 1 && readFileSync(join(root, 'spec', found[0]!), 'utf8').includes(title);
        return isThere ? [] : [`${number}: ${name}: ${title} (${found.length} files)`];
      });
    });
    expect(wrong).to.deep.equal([]);
  });
});
