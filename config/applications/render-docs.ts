// The page of an application, docs/applications/<id>.md: from "add the application" to "it is in step", written from its record.
import type { Application, ObjectOffer } from './application.ts';

const lines = (items: readonly string[]): readonly string[] => items.map((item) => `- ${item}`);
const section = (title: string, body: readonly string[]): readonly string[] =>
  body.length === 0 ? [] : ['', `## ${title}`, '', ...body];

export const applicationPage = (application: Application): string => {
  const { gallery, guide, users, groups } = application;
  return [
    `# ${title(application)}`,
    '',
    `${gallery.description}. This page is written from \`config/applications/${application.id}.ts\`.`,
    ...section('What it can do', lines(gallery.supports)),
    ...section('What you need', lines(guide.before)),
    ...section('Five steps', steps(application)),
    ...section(
      'What is special',
      guide.special.flatMap((text, at) => (at === 0 ? [text] : ['', text])),
    ),
    ...section('Users', table(users)),
    ...section('Groups', groups === null ? ['There are none.'] : table(groups)),
    ...section('Limits', lines(guide.limits)),
    ...section(
      'When something is wrong',
      ['| What you see | What to do |', '| --- | --- |'].concat(
        guide.troubleshooting.map(({ symptom, remedy }) => `| ${symptom} | ${remedy} |`),
      ),
    ),
    '',
  ].join('\n');
};

const title = ({ id, gallery }: Application): string =>
  id === 'scim' ? 'Any SCIM 2.0 application' : gallery.displayName;

function steps(application: Application): readonly string[] {
  const { id, defaultScope, groups, roles } = application;
  const objects = groups === null ? 'users' : 'users and groups';
  const scope =
    defaultScope === 'assigned'
      ? `Only assigned ${objects} are provisioned; with \`SyncAll\` = \`true\` among the secrets, all of them are.`
      : `All ${objects} are provisioned, unless \`SyncAll\` = \`false\` is saved among the secrets.`;
  return [
    `1. **Add the application.** ${added(application)} The service principal that it answers is meant by \`$SP\` below.`,
    `2. **Decide who is in scope.** Assign ${objects} with the role ${roles[0]?.displayName ?? ''}: \`POST /v1.0/servicePrincipals/$SP/appRoleAssignedTo\` with \`principalId\`, \`resourceId\` and \`appRoleId\`. Assigning a group provisions all its direct members. ${scope} Start small: a handful of users shows whether everything fits.`,
    `3. **Create the job and connect.** \`POST /v1.0/servicePrincipals/$SP/synchronization/jobs\` with \`{"templateId": "${id}"}\`. Test the connection with \`POST …/jobs/$JOB/validateCredentials\` before anything is saved, then save it with \`PUT …/synchronization/secrets\`:`,
    ...credentialLines(application).map((line) => `   - ${line}`),
    `4. **Review the mappings** below (\`GET …/jobs/$JOB/schema\`), and name who is told about failures (\`SyncNotificationSettings\`). \`POST …/jobs/$JOB/provisionOnDemand\` shows one user from end to end.`,
    `5. **Start.** \`POST …/jobs/$JOB/start\`. The initial cycle begins at once, incremental cycles follow every 40 minutes. The job is in step when its last cycle succeeded; \`provisor logs --job $JOB\` says what was done, and why.`,
  ];
}

function added({ offered, gallery, applicationTemplateId, id }: Application): string {
  const fromGallery = `\`POST /v1.0/applicationTemplates/${applicationTemplateId}/instantiate\` with a \`displayName\``;
  if (offered === 'gallery') return `${gallery.displayName} is in the gallery: ${fromGallery}.`;
  if (id === 'scim') return `Create an application of your own: ${fromGallery}.`;
  return `Create an application of your own (\`POST /v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate\` with a \`displayName\`).`;
}

function credentialLines({ credentials: { tenantUrl, secret } }: Application): readonly string[] {
  const urls = tenantUrl.patterns.map(
    ({ name, url }) => `\`${url}\`${tenantUrl.patterns.length > 1 ? ` (${name})` : ''}`,
  );
  return [
    `\`BaseAddress\`, the tenant URL${urls.length === 0 ? '' : `: ${urls.join(', ')}`}. ${tenantUrl.help}`,
    ...tenantUrl.parameters.map(({ name, help, example }) => `\`{${name}}\`: ${help} For example \`${example}\`.`),
    `\`SecretToken\`, the ${secret.name}. ${secret.whereToFind}`,
  ];
}

function table({ mappings, actions, filterable }: ObjectOffer): readonly string[] {
  const rows = mappings.map(({ target, expression, matching, flowType }) => {
    const notes = [
      ...(matching > 0 ? [`matching, precedence ${String(matching)}`] : []),
      ...(flowType === 'ObjectAddOnly' ? ['only when the object is created'] : []),
      ...(filterable?.includes(target) === true ? ['filterable'] : []),
    ];
    return `| \`${target}\` | \`${expression.replaceAll('|', String.raw`\|`)}\` | ${notes.join(', ')} |`;
  });
  const names = { Add: 'create', Update: 'update', Delete: 'delete' };
  return [
    `Actions: ${actions.map((action) => names[action]).join(', ')}.`,
    '',
    '| Attribute of the application | From | |',
    '| --- | --- | --- |',
    ...rows,
  ];
}
