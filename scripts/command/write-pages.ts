// `npm run pages`: writes docs/command.md and man/rxnetlink.1 from the commands that `--help` also shows, and the JSON Schema of their output.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { outputSchemaText } from './output-schema.mjs';
import { pages } from './pages.js';

const root = resolve(import.meta.dirname, '../..');
for (const [path, text] of Object.entries({ ...(await pages()), 'schemas/command-output.json': outputSchemaText() })) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
