// Jostle: the intranet. Users only, with four e-mail addresses of one multi-valued attribute, two of them with a label.
import { texts } from '../templates/definitions.ts';
import { active, id, userName } from '../templates/scim-directory.ts';
import { activeRow, match, row } from '../templates/mappings.ts';
import { allActions, usualRoles } from './application.ts';
import type { Application } from './application.ts';

const USER = 'urn:ietf:params:scim:schemas:extension:jostle:2.0:User';
const email = (type: string): string => `emails[type eq "${type}"].value`;
const emails = ['work', 'personal', 'alternate1', 'alternate2'].map(email);
const labels = [`${USER}:alternateEmail1Label`, `${USER}:alternateEmail2Label`] as const;

export const jostle: Application = {
  id: 'jostle',
  applicationTemplateId: '6c2d6f3e-5a1f-4b7c-8a3b-2f3a0c9fd902',
  offered: 'gallery',
  gallery: {
    displayName: 'Jostle',
    description: 'Intranet: people with their work, personal and two alternate e-mail addresses',
    publisher: 'Jostle Corporation',
    homePageUrl: 'https://www.jostle.me/',
    categories: ['Collaboration', 'Human resources'],
    logoText: 'JO',
    supports: ['Create, update and remove users', 'Four e-mail addresses per user, the alternate ones with a label'],
  },
  credentials: {
    tenantUrl: {
      help: 'The API URL of the automation user, as Jostle shows it to your organization.',
      patterns: [],
      parameters: [],
    },
    secret: {
      name: 'API key',
      whereToFind: 'Issued to an automation user of your organization in Jostle, together with the API URL.',
    },
  },
  directory: { id: '9d1c8d53-2b0e-4c57-8a8e-1d1a7a4a4e02', name: 'Jostle' },
  users: {
    filterable: ['userName'],
    attributes: [id, userName, active, ...texts('name.givenName', 'name.familyName', ...emails, ...labels)],
    mappings: [
      match('userName', '[userPrincipalName]'),
      activeRow,
      row('name.givenName', '[givenName]'),
      row('name.familyName', '[surname]'),
      row(email('work'), '[mail]'),
      row(email('personal'), 'IgnoreFlowIfNullOrEmpty(Word(Append(Join(" ", [otherMails]), " "), 1, " "))'),
      row(email('alternate1'), '[extensionAttribute1]'),
      row(email('alternate2'), '[extensionAttribute2]'),
      row(labels[0], '[extensionAttribute3]'),
      row(labels[1], '[extensionAttribute4]'),
    ],
    actions: allActions,
  },
  groups: null,
  defaultScope: 'assigned',
  roles: usualRoles,
  dialect: {},
  guide: {
    before: ['A Jostle administrator, and an automation user of Jostle with its API URL and API key.'],
    special: [
      'No groups. Jostle keeps users only; assigning a group provisions its direct members, and the group itself is left alone.',
      'Four e-mail addresses. `work`, `personal`, `alternate1` and `alternate2` are elements of one attribute. A change of one of them is written by its type, so that the others stay as they are, also those that somebody entered in Jostle.',
      'By default the personal address is the first of `otherMails`, the alternate addresses and their labels are `extensionAttribute1` to `extensionAttribute4`. Map what your organization keeps elsewhere.',
    ],
    limits: ['Jostle filters users by `userName` only, so accounts are matched by it.'],
    troubleshooting: [
      {
        symptom: 'Groups do not appear in Jostle',
        remedy: 'They cannot: Jostle has no groups for provisioning.',
      },
      {
        symptom: 'The connection test answers 401',
        remedy: 'The API key belongs to an automation user: check that it is active, or issue a new key.',
      },
    ],
  },
};
