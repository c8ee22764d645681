// /applicationTemplates: the gallery, and the instantiation of an application with its service principal.
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { bodyOf, contextOf, type Answer, type ApplicationTemplate, type Call, type World } from '../http/call.ts';
import { badRequest, notFound } from '../http/errors.ts';
import { answerList, type Listing } from '../odata/list.ts';
import { defaultNames, entityType, project } from '../odata/properties.ts';
import { listSource } from '../state/collections.ts';
import { propertiesOf } from '../state/directory.ts';
import { newApplication, newServicePrincipal } from './applications.ts';
import { entityBody, find, route, type Route } from './objects.ts';

export const nonGallery: ApplicationTemplate = {
  id: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
  displayName: 'Custom',
  description: 'Any application that is not in the gallery',
};

/** The roles that gallery and non-gallery applications come with, by their usual ids. */
const usualRoles = [
  { id: '18d14569-c3bd-439b-9a66-3a2aee01d14f', displayName: 'User' },
  { id: 'b9632174-c057-4f7e-951b-be3adc52bfe6', displayName: 'msiam_access' },
];
const rolesOf = ({ appRoles = usualRoles }: ApplicationTemplate): readonly JsonObject[] =>
  appRoles.map(({ id, displayName }) => ({
    allowedMemberTypes: ['User'],
    description: displayName,
    displayName,
    id,
    isEnabled: true,
    origin: 'Application',
    value: null,
  }));

const INTEGRATED = 'WindowsAzureActiveDirectoryIntegratedApp';
const tagOf = ({ id }: ApplicationTemplate): string =>
  id === nonGallery.id
    ? 'WindowsAzureActiveDirectoryCustomSingleSignOnApplication'
    : 'WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1';

const show = (template: ApplicationTemplate): JsonObject => ({
  id: template.id,
  displayName: template.displayName,
  homePageUrl: template.homePageUrl ?? null,
  supportedSingleSignOnModes: ['saml', 'password', 'notSupported'],
  supportedProvisioningTypes: ['sync'],
  logoUrl: template.logoUrl ?? null,
  categories: template.categories ?? [],
  publisher: template.publisher ?? null,
  description: template.description ?? null,
});

function listing({ templates }: World): Listing<ApplicationTemplate> {
  const type = entityType('applicationTemplate');
  return { source: listSource(templates), type, typeOf: () => type, propertiesOf: show };
}

function theTemplate({ templates }: World, id: string): ApplicationTemplate {
  const template = templates.find((one) => one.id === id.toLowerCase());
  if (template === undefined) throw notFound(id);
  return template;
}

function instantiate(world: World, call: Call, [id = '']: readonly string[]): Answer {
  const template = theTemplate(world, id);
  const displayName = bodyOf(call)['displayName'];
  if (typeof displayName !== 'string' || displayName.trim() === '')
    throw badRequest("A value is required for property 'displayName'.");
  const application = {
    ...newApplication(world, { displayName, appRoles: rolesOf(template), tags: [INTEGRATED] }),
    applicationTemplateId: template.id,
    id: randomUUID(),
  };
  const principal = {
    ...newServicePrincipal(world, application, {
      appRoleAssignmentRequired: true,
      tags: [INTEGRATED, tagOf(template)],
    }),
    id: randomUUID(),
  };
  world.directory.commit([
    { op: 'create', kind: 'application', id: application.id, set: application },
    { op: 'create', kind: 'servicePrincipal', id: principal.id, set: principal },
  ]);
  const body = {
    '@odata.context': contextOf(call, 'microsoft.graph.applicationServicePrincipal'),
    application: whole(world, 'application', application.id),
    servicePrincipal: whole(world, 'servicePrincipal', principal.id),
  };
  return { status: 201, body };
}

function whole(world: World, kind: 'application' | 'servicePrincipal', id: string): Json {
  const type = entityType(kind);
  return project(type, propertiesOf(world.directory, find(world, kind, id)), defaultNames(type));
}

export const templateRoutes: readonly Route[] = [
  route('GET', 'applicationTemplates', (world, call) => answerList(world, call, listing(world))),
  route('GET', 'applicationTemplates/:', (world, call, [id = '']) => ({
    status: 200,
    body: entityBody(call, 'applicationTemplate', show(theTemplate(world, id))),
  })),
  route('POST', 'applicationTemplates/:/instantiate', instantiate),
  route('POST', 'applicationTemplates/:/microsoft.graph.instantiate', instantiate),
];
