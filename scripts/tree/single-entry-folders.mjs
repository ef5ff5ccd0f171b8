/** The folders that may have more files than others, each with the reason. A name that ends with `/` includes its subfolders. */
export const SINGLE_ENTRY_FOLDERS = {
  docs: 'one page for each subject',
  'lib/families': 'one module for each family',
  'lib/families/generated': 'one generated module for each family',
  'lib/codegen/docs': 'one file for each family, with the texts of its properties',
  'scripts/check-specs/names': "one file for each family, with the header's names",
  'spec/families/compare': 'one comparer for each family and kind of object',
  'spec/fixtures/capture/built': 'one program for each fixture that is built from the headers',
  'spec/fixtures/families/': 'one capture for each family, kernel and scene',
  'spec/kernel/families': 'one spec for each family',
  'spec/kernel/live': 'one spec for each live collection and trait',
};
