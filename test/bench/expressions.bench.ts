// How long the default user mappings of an application take over many users, on one core.
// Run it with `npx tsx test/bench/expressions.bench.ts`; the promise is 100,000 users in under 2 s.
import { jobTemplate } from '../../config/applications/job-template.ts';
import { scim } from '../../config/applications/scim.ts';
import { compileExpression } from '../../src/rules/expressions/evaluate.ts';
import type { EvaluationScope } from '../../src/rules/expressions/evaluate.ts';
import { fromMappingSource } from '../../src/rules/expressions/mapping-source.ts';
import type { Value } from '../../src/rules/expressions/values.ts';

const USERS = 100_000;

const rules = jobTemplate(scim).schema.synchronizationRules.flatMap(({ objectMappings }) => objectMappings);
const userMappings = rules.find(({ sourceObjectName }) => sourceObjectName === 'User')?.attributeMappings ?? [];
const compiled = userMappings.map(({ source, targetAttributeName }) => {
  const read = source === null ? null : fromMappingSource(source);
  if (read?.ok !== true) throw new Error(`The mapping of ${targetAttributeName} cannot be read.`);
  return compileExpression(read.expression);
});

const userOf = (n: number): Readonly<Record<string, Value>> => ({
  userPrincipalName: `user${String(n)}@contoso.com`,
  IsSoftDeleted: n % 50 === 0,
  displayName: `Jördis ${String(n)} Müller`,
  givenName: 'Jördis',
  surname: n % 20 === 0 ? null : 'Müller',
  mail: `user${String(n)}@contoso.com`,
  mailNickname: `user${String(n)}`,
  jobTitle: 'Engineer',
  department: 'Research',
  employeeId: String(n),
  city: 'Zürich',
  telephoneNumber: '+41 44 123 45 67',
});

const users = Array.from({ length: USERS }, (_, n) => userOf(n));
const scopeOf = (user: Readonly<Record<string, Value>>): EvaluationScope => ({
  attribute: (name) => user[name] ?? null,
  now: new Date(0),
  random: () => 0.5,
  guid: () => '00000000-0000-0000-0000-000000000000',
});

const started = performance.now();
let values = 0;
for (const user of users) {
  const scope = scopeOf(user);
  for (const evaluate of compiled) if (evaluate(scope).kind === 'value') values += 1;
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${String(compiled.length)} mappings × ${String(USERS)} users: ${String(values)} values in ${seconds.toFixed(2)} s\n`,
);
