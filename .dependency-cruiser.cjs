// Imports point one way (ARCHITECTURE.md, "Layers"). Each rule says why it is there.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|workers|config|prisma|test)/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'a circle has no bottom to start reading at',
      from: {},
      to: { circular: true },
    },
    only('rules-import-only-rules', '^src/rules/', [], 'what provisioning means is pure and stands alone'),
    {
      name: 'rules-know-no-runtime',
      severity: 'error',
      comment:
        'values in, values out; re2js only, because regular expressions of administrators must not hang the engine',
      from: { path: '^src/rules/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: 'node_modules/re2js/' },
    },
    only('directory-speaks-rules', '^src/directory/', ['^src/rules/'], 'edges know nothing of each other'),
    only('target-speaks-rules', '^src/target/', ['^src/rules/'], 'edges know nothing of each other'),
    only('store-speaks-rules', '^src/store/', ['^src/rules/'], 'edges know nothing of each other'),
    only('notify-speaks-rules', '^src/notify/', ['^src/rules/'], 'edges know nothing of each other'),
    only('queue-speaks-rules', '^src/queue/', ['^src/rules/'], 'edges know nothing of each other'),
    only('cycle-names-no-edge', '^src/cycle/', ['^src/rules/'], 'the pipeline declares what it needs and is handed it'),
    only('control-calls-use-cases', '^src/control/', ['^src/rules/', '^src/cycle/'], 'it only translates'),
    only(
      'cli-calls-use-cases',
      '^src/cli/',
      ['^src/rules/', '^src/cycle/', '^src/control/', '^src/app', '^src/simulators/', '^config/'],
      'it only translates',
    ),
    only(
      'simulators-stand-alone',
      '^src/simulators/',
      ['^src/rules/model/'],
      'a judge that shares the code it judges is none',
    ),
    only('config-is-a-leaf', '^config/', ['^src/rules/'], 'everybody may read it'),
    only('workers-run-a-command', '^workers/', ['^src/cli/'], 'an entry point only starts'),
    {
      name: 'simulators-are-imported-by-app-cli-test',
      severity: 'error',
      comment: 'the engine runs the same with the real things',
      from: { path: '^src/', pathNot: ['^src/(simulators|cli)/', '^src/app'] },
      to: { path: '^src/simulators/' },
    },
    {
      name: 'nothing-imports-test',
      severity: 'error',
      comment: 'tests are leaves',
      from: { path: '^(src|workers|config)/' },
      to: { path: '^test/' },
    },
    {
      name: 'src-starts-no-worker',
      severity: 'error',
      comment: 'entry points are leaves',
      from: { path: '^src/' },
      to: { path: '^workers/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/store/generated' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
