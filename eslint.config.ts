// Strict typed lint; the rules folder may not know a clock, randomness, IO or async.
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { defineConfig } from 'eslint/config';

const noBarrels = [
  { selector: 'ExportDefaultDeclaration', message: 'name your exports' },
  { selector: 'ExportAllDeclaration', message: 'no barrels' },
];
const pure = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'rules take `now` as an argument' },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'rules take `now` as an argument' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'rules take randomness as an argument',
  },
  { selector: ':function[async=true]', message: 'rules are synchronous' },
];
const onlyConfigReadsEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'config/settings.ts is the only reader of process.env',
};

export default defineConfig(
  { ignores: ['dist', 'coverage', '**/*.cjs', '**/*.mjs', '*.config.ts', 'src/store/generated', '.provisor'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 5 }],
      'no-restricted-syntax': ['error', ...noBarrels, onlyConfigReadsEnv],
    },
  },
  {
    files: ['src/rules/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'console',
        'crypto',
        'Buffer',
      ],
      'no-restricted-syntax': ['error', ...noBarrels, onlyConfigReadsEnv, ...pure],
    },
  },
  { files: ['config/settings.ts'], rules: { 'no-restricted-syntax': ['error', ...noBarrels] } },
  {
    files: ['test/**'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', 'no-restricted-syntax': ['error', ...noBarrels] },
  },
);
