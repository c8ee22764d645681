// What Provisor knows of one application: everything in which applications differ, as data. index.ts lists them all.
import type { AttributeDefinition, ObjectFlowType } from '../../src/rules/model/schema.ts';
import type { ScopeSetting } from '../../src/rules/model/job.ts';
import type { Dialect } from '../../src/rules/model/target.ts';
import type { MappingRow } from '../templates/mappings.ts';

/** How the application presents itself in the gallery. */
export interface GalleryEntry {
  readonly displayName: string;
  /** One or two sentences. */
  readonly description: string;
  readonly publisher: string;
  readonly homePageUrl: string;
  readonly categories: readonly string[];
  /** Stands where there is no picture: two letters. */
  readonly logoText: string;
  /** What it can do, one capability each. */
  readonly supports: readonly string[];
}

/** A part of the tenant URL that is the customer's own. */
export interface UrlParameter {
  /** As in `{account_id}`. */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly example: string;
}

export interface Credentials {
  readonly tenantUrl: {
    readonly help: string;
    /** With parameters in braces; the first is the usual one, others are named (a data centre). Empty = told by the application. */
    readonly patterns: readonly { readonly name: string; readonly url: string }[];
    readonly parameters: readonly UrlParameter[];
  };
  readonly secret: {
    /** What the application calls it. */
    readonly name: string;
    /** Where an administrator finds it. */
    readonly whereToFind: string;
  };
}

/** Users or groups: what the application keeps of them, and how that is filled by default. */
export interface ObjectOffer {
  /** `null` for attributes of which nothing is known: then any may be filtered. */
  readonly filterable: readonly string[] | null;
  readonly attributes: readonly AttributeDefinition[];
  readonly mappings: readonly MappingRow[];
  readonly actions: readonly ObjectFlowType[];
}

export interface AppRole {
  readonly id: string;
  readonly displayName: string;
}

/** What the page about it says beyond what follows from the record. */
export interface Guide {
  /** What has to be there before the first step. */
  readonly before: readonly string[];
  /** What is special, a paragraph each. */
  readonly special: readonly string[];
  readonly limits: readonly string[];
  readonly troubleshooting: readonly { readonly symptom: string; readonly remedy: string }[];
}

export interface Application {
  /** Also the id of its job template, and the first part of the ids of its jobs. */
  readonly id: string;
  /** Of Graph's applicationTemplate. */
  readonly applicationTemplateId: string;
  /** In the gallery, or created by hand as an application of one's own. */
  readonly offered: 'gallery' | 'non-gallery';
  readonly gallery: GalleryEntry;
  readonly credentials: Credentials;
  /** Name and id of the application in schemas. */
  readonly directory: { readonly id: string; readonly name: string };
  readonly users: ObjectOffer;
  /** `null`: the application has no groups. */
  readonly groups: ObjectOffer | null;
  readonly defaultScope: ScopeSetting;
  readonly roles: readonly AppRole[];
  /** In what the application differs from RFC 7644, besides what follows from users and groups. */
  readonly dialect: Partial<Omit<Dialect, 'filterable' | 'creates'>>;
  readonly guide: Guide;
}

/** The roles that every application comes with, by their usual ids. */
export const usualRoles: readonly AppRole[] = [
  { id: '18d14569-c3bd-439b-9a66-3a2aee01d14f', displayName: 'User' },
  { id: 'b9632174-c057-4f7e-951b-be3adc52bfe6', displayName: 'msiam_access' },
];

export const allActions: readonly ObjectFlowType[] = ['Add', 'Update', 'Delete'];
