// The generated user of an index: a pure function of (seed, index), realistic in its gaps as well as in its values.
// Properties that were never set are absent, as Graph leaves them out of a delta.
import type { Json, JsonObject } from '../../../rules/model/json.ts';
import { cultureWheel, departments, jobTitles, type Culture, type Name, type Place } from './names.ts';
import { hash, pick } from './random.ts';
import { domain, type Tenant } from './tenant.ts';

/** Direct reports of each manager in the generated tree. */
const span = 7;
const dayMs = 86_400_000;

const salts = {
  culture: 1,
  given: 2,
  surname: 3,
  place: 4,
  guest: 5,
  disabled: 6,
  mail: 7,
  department: 8,
  title: 9,
  phone: 10,
  created: 11,
  gaps: 12,
  orphan: 13,
  partner: 14,
} as const;

interface Person {
  readonly draw: (salt: keyof typeof salts) => number;
  readonly culture: Culture;
  readonly given: Name;
  readonly surname: Name;
  readonly place: Place;
  readonly guest: boolean;
}

/** True in `percent` of all draws. */
const falls = (draw: number, percent: number): boolean => draw % 1000 < percent * 10;

function person(tenant: Tenant, index: number): Person {
  const draw = (salt: keyof typeof salts): number => hash(tenant.seed, index, salts[salt]);
  const culture = pick(cultureWheel, draw('culture'));
  return {
    draw,
    culture,
    given: pick(culture.given, draw('given')),
    surname: pick(culture.surnames, draw('surname')),
    place: pick(culture.places, draw('place')),
    guest: !hasReports(tenant, index) && falls(draw('guest'), 3),
  };
}

/** All properties of user `index`, id included. */
export function userAt(tenant: Tenant, index: number): JsonObject {
  const who = person(tenant, index);
  const local = localPart(who, index);
  const properties: Record<string, Json> = {
    id: tenant.ids.encode('user', index),
    accountEnabled: index === 0 || !falls(who.draw('disabled'), 4),
    createdDateTime: createdAt(who),
    displayName: who.culture.compose(who.given.native, who.surname.native),
    givenName: who.given.native,
    surname: who.surname.native,
    mailNickname: who.guest ? `${local}_${partner(who)}#EXT#` : local,
    userPrincipalName: upnOf(who, index),
    userType: who.guest ? 'Guest' : 'Member',
    usageLocation: who.culture.usageLocation,
  };
  addMail(properties, who, local);
  if (!who.guest) addEmployment(properties, who, index);
  return properties;
}

function addMail(properties: Record<string, Json>, who: Person, local: string): void {
  const address = `${local}@${who.guest ? partner(who) : domain}`;
  if (who.guest) {
    properties['mail'] = address;
    properties['otherMails'] = [address];
  } else if (!falls(who.draw('mail'), 5)) {
    properties['mail'] = address;
    properties['proxyAddresses'] = [`SMTP:${address}`];
  }
}

function addEmployment(properties: Record<string, Json>, who: Person, index: number): void {
  const { draw, culture, place } = who;
  const gap = (bit: number): boolean => ((draw('gaps') >>> (bit * 4)) & 15) === 0;
  properties['companyName'] = 'Contoso';
  properties['employeeId'] = `E${String(100_000 + index)}`;
  properties['employeeType'] = pick(['Employee', 'Employee', 'Employee', 'Contractor', 'Intern'], draw('title') >>> 8);
  if (!falls(draw('department'), 6)) properties['department'] = pick(departments, draw('department') >>> 10);
  if (!gap(0)) properties['jobTitle'] = index === 0 ? 'Chief Executive Officer' : pick(jobTitles, draw('title'));
  if (!gap(1))
    properties['officeLocation'] = `${place.city} ${String(1 + (draw('place') % 9))}/${String(draw('phone') % 400)}`;
  if (!gap(2)) addAddress(properties, who);
  if (!gap(3)) properties['businessPhones'] = [phone(who, 0)];
  if (!gap(4) && draw('phone') % 3 === 0) properties['mobilePhone'] = phone(who, 7);
  if (!gap(5)) properties['preferredLanguage'] = culture.language;
  if (gap(6))
    properties['onPremisesExtensionAttributes'] = { extensionAttribute1: `cost-${String(draw('gaps') % 900)}` };
  properties['employeeHireDate'] = createdAt(who);
}

function addAddress(properties: Record<string, Json>, who: Person): void {
  const { culture, place, draw } = who;
  properties['streetAddress'] = `${place.street} ${String(1 + ((draw('place') >>> 8) % 180))}`;
  properties['city'] = place.city;
  properties['state'] = place.state;
  properties['country'] = culture.country;
  properties['postalCode'] = String(10_000 + ((draw('place') >>> 4) % 89_999));
}

const phone = (who: Person, shift: number): string => {
  const digits = String(1_000_000 + ((who.draw('phone') >>> shift) % 8_999_999));
  return `${who.culture.dialCode} ${String(200 + (who.draw('place') % 700))} ${digits.slice(0, 3)} ${digits.slice(3)}`;
};

const createdAt = (who: Person): string =>
  new Date(Date.UTC(2016, 0, 4, 9) + (who.draw('created') % 3200) * dayMs).toISOString().replace('.000Z', 'Z');

const partner = (who: Person): string =>
  pick(['fabrikam.example', 'adatum.example', 'tailspin.example'], who.draw('partner'));
/** The index makes it unique, and lets a look-up by name find the index. */
const localPart = (who: Person, index: number): string => `${who.given.ascii}.${who.surname.ascii}${String(index)}`;

function upnOf(who: Person, index: number): string {
  const local = localPart(who, index);
  return who.guest ? `${local}_${partner(who)}#EXT#@contoso.onmicrosoft.com` : `${local}@${domain}`;
}

/** Index whose generated userPrincipalName, or mail, this is; null when none. */
export function userIndexByName(tenant: Tenant, name: string, property: 'userPrincipalName' | 'mail'): number | null {
  const digits = /^[a-z]+\.[a-z]+(\d{1,10})[_@]/.exec(name.toLowerCase())?.[1];
  const index = Number(digits ?? Number.NaN);
  if (!Number.isSafeInteger(index) || index >= tenant.users) return null;
  const value = userAt(tenant, index)[property];
  return typeof value === 'string' && value.toLowerCase() === name.toLowerCase() ? index : null;
}

const hasReports = (tenant: Tenant, index: number): boolean => index * span + 1 < tenant.users;
const isOrphan = (tenant: Tenant, index: number): boolean => falls(hash(tenant.seed, index, salts.orphan), 5);

/** Index of the manager; null for the root and for the few that have none. */
export function managerIndex(tenant: Tenant, index: number): number | null {
  return index === 0 || isOrphan(tenant, index) ? null : Math.floor((index - 1) / span);
}

/** Indexes of those whose generated manager is `index`. */
export function reportIndexes(tenant: Tenant, index: number): readonly number[] {
  const all = Array.from({ length: span }, (_, i) => index * span + 1 + i);
  return all.filter((report) => report < tenant.users && !isOrphan(tenant, report));
}
