// The gallery: the applications as Graph's applicationTemplates, for a directory that offers them.
import { applications, NON_GALLERY } from './index.ts';
import type { Application, AppRole } from './application.ts';

export interface GalleryTemplate {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly publisher: string;
  readonly homePageUrl: string;
  readonly categories: readonly string[];
  readonly logoUrl: string;
  readonly appRoles: readonly AppRole[];
}

/** All but the non-gallery application, which every directory has. */
export const gallery: readonly GalleryTemplate[] = applications
  .filter(({ applicationTemplateId }) => applicationTemplateId !== NON_GALLERY)
  .map((application) => ({
    id: application.applicationTemplateId,
    displayName: application.gallery.displayName,
    description: application.gallery.description,
    publisher: application.gallery.publisher,
    homePageUrl: application.gallery.homePageUrl,
    categories: application.gallery.categories,
    logoUrl: logo(application),
    appRoles: application.roles,
  }));

/** The letters of the application as a picture, so that a browser shows them without asking anybody. */
function logo({ gallery: { logoText } }: Application): string {
  const text = `<text x="24" y="31" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">${logoText}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" rx="8" fill="#0f548c"/>${text}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
