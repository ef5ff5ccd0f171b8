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

/** Exceptions from the strict presets, each with its reason. */
const typescript = {
  // With noUncheckedIndexedAccess, `bytes[i]!` is necessary after a check of the length.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Messages contain numbers.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // `void` in the type of a callback means that the caller ignores the result.
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-invalid-void-type': 'off',
  // A type parameter that only the caller provides types the result; the alternative is a cast at every call.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // A property that the kernel did not send is absent.
  '@typescript-eslint/no-dynamic-delete': 'off',
  // The project has no enums (erasableSyntaxOnly), and these two rules ask for the type of every assignment and comparison.
  '@typescript-eslint/no-unsafe-enum-assignment': 'off',
  '@typescript-eslint/no-unsafe-enum-comparison': 'off',
  // Classes have #private members, so TypeScript rejects other objects; this rule would need a fifth of the time of all.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // An error signal may hold any value, and is passed on unchanged.
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowRethrowing: true }],
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  // Texts are ASCII, or are split into code points on purpose.
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
  // Operators subscribe inside their observables.
  'rxjs-x/no-subscribe-in-pipe': 'off',
  'rxjs-x/no-nested-subscribe': 'off',
  // A subscription may hold a descriptor open on purpose.
  'rxjs-x/no-floating-observables': 'off',
};

const maxLines = ['error', { max: 300, skipBlankLines: true, skipComments: true }];

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'prebuilds/', '.cache/', 'site/', 'website/.pages/', 'lib/families/generated/', 'etc/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'rxjs-x': rxjsX, tsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...core, ...typescript, ...observables, 'tsdoc/syntax': 'error' },
  },
  { rules: { 'max-lines': maxLines } },
  {
    files: ['lib/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'error' },
  },
  {
    // Options come from JavaScript also, with values that their types forbid. Callbacks set variables that TypeScript considers unset.
    files: ['lib/socket/**/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-condition': 'off' },
  },
  {
    // The only file that compiles text into functions.
    files: ['lib/schema/codec/source-text.ts'],
    rules: { '@typescript-eslint/no-implied-eval': 'off', '@typescript-eslint/no-unsafe-call': 'off' },
  },
  {
    files: ['spec/**/*.ts'],
    rules: {
      // chai's assertions are expressions: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Specs make wrong calls on purpose, and check values that the types exclude.
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
    // The functions of spec/support/programs.ts skip the spec if a program is not installed.
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
    // An EmptyError is the right result of an empty stream there.
    rules: { 'rxjs-x/no-ignored-default-value': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.base],
    rules: { ...core, 'no-console': 'off', 'no-undef': 'off' },
  },
);
