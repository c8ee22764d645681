// Who may do what: a reader reads, an operator also runs, an admin also changes the configuration.
const roles = ['reader', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Principal {
  readonly subject: string;
  readonly role: Role;
}

export const allows = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed);

/** `null` for an empty list. */
export const highest = (held: readonly Role[]): Role | null => roles.findLast((role) => held.includes(role)) ?? null;
