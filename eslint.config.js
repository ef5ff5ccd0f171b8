import rxjsX from 'eslint-plugin-rxjs-x';
import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';

/** Core rules that catch mistakes TypeScript does not see. */
const core = {
  eqeqeq: 'error',
  'no-constant-binary-expression': 'error',
  'no-console': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-loss-of-precision': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-unreachable-loop': 'error',
  'no-unused-private-class-members': 'error',
  'no-useless-assignment': 'error',
  'no-var': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'MemberExpression[property.name="only"][object.name=/^(describe|it|context)$/]', message: 'Run all specs.' },
  ],
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

/** What is idiomatic here, although the strict presets refuse it. */
const typescript = {
  // noUncheckedIndexedAccess makes `bytes[i]!` the honest form wherever a length was checked before.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Numbers belong into messages.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // An optional option may be given as undefined; `void` in a callback's type means that nobody looks.
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-invalid-void-type': 'off',
  // A type parameter that only the caller fills in says what comes out; the alternative is a cast at every call.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // What the kernel did not send is absent, so absent it is made.
  '@typescript-eslint/no-dynamic-delete': 'off',
  // What came in as an error goes out as one, whatever it is.
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  // Text here is ASCII, or taken apart by code point on purpose.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const observables = {
  ...rxjsX.configs.strict.rules,
  'rxjs-x/throw-error': ['error', { allowThrowingUnknown: true }],
  // A netlink socket is an Observable, as RxJS's own WebSocketSubject is.
  'rxjs-x/no-subclass': 'off',
  // `subscribe(message => ...)` is the first line of every example.
  'rxjs-x/prefer-observer': 'off',
  'rxjs-x/no-ignored-error': 'off',
  // Operators are made of observables that subscribe inside.
  'rxjs-x/no-subscribe-in-pipe': 'off',
  'rxjs-x/no-nested-subscribe': 'off',
  // It knows only observables that are never resubscribed; here a subscription may hold a descriptor open on purpose.
  'rxjs-x/no-floating-observables': 'off',
};

const maxLines = ['error', { max: 300, skipBlankLines: true, skipComments: true }];

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'prebuilds/', '.cache/', 'lib/families/generated/', 'etc/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'rxjs-x': rxjsX, tsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...core, ...typescript, ...observables, 'tsdoc/syntax': 'error' },
  },
  {
    files: ['lib/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': maxLines, '@typescript-eslint/explicit-module-boundary-types': 'error' },
  },
  {
    // Options come from JavaScript too, whatever their types say; and callbacks set variables that TypeScript thinks are still unset.
    files: ['lib/socket/**/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-condition': 'off' },
  },
  {
    // The one place that turns text into functions.
    files: ['lib/schema/codec/source-text.ts'],
    rules: { '@typescript-eslint/no-implied-eval': 'off', '@typescript-eslint/no-unsafe-call': 'off' },
  },
  {
    files: ['spec/**/*.ts'],
    rules: {
      'max-lines': maxLines,
      // chai's assertions are expressions: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Specs call what is wrong on purpose, and look at what the types say cannot be.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-unreachable-loop': 'off',
      'no-template-curly-in-string': 'off',
      'rxjs-x/throw-error': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
    },
  },
  {
    // A program that is not installed skips the spec: these functions say so.
    files: ['spec/**/*.ts'],
    ignores: ['spec/support/*.ts', 'spec/budgets/subjects/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { name: 'node:child_process', allowTypeImports: true, message: 'Import from spec/support/programs.js.' },
      ],
    },
  },
  {
    files: ['examples/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'lib/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['spec/**/*.ts', 'bench/**/*.ts'],
    // An empty stream is an EmptyError there, and that is as it should be.
    rules: { 'rxjs-x/no-ignored-default-value': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.base],
    rules: { ...core, 'no-console': 'off', 'no-undef': 'off' },
  },
);
