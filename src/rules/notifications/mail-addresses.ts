// Who gets the mail about a job: Graph keeps it in the secret SyncNotificationSettings, as JSON text.

/** Separated by commas, semicolons or blanks; `null` when one of them is no plain mail address. */
export function mailAddresses(text: string): readonly string[] | null {
  const addresses = text.split(/[\s,;]+/).filter((part) => part !== '');
  return addresses.every((address) => /^[^\s@,;<>"()]+@[^\s@,;<>"()]+$/.test(address)) ? addresses : null;
}

/** What keeps the setting from being used, as the rest of a sentence; `null` when nothing does. */
export function notificationSettingsProblem(text: string): string | null {
  const settings = parsed(text);
  if (settings === null) return 'must be a JSON object, such as {"Enabled":false}.';
  const { Recipients: recipients } = settings;
  if (recipients === undefined || recipients === null) return null;
  if (typeof recipients === 'string' && mailAddresses(recipients) !== null) return null;
  return 'Recipients must be mail addresses, separated by commas, such as "admin@contoso.com".';
}

/** Nobody when it is switched off, missing or cannot be read. */
export function recipientsOf(secrets: Readonly<Record<string, string>>): readonly string[] {
  const settings = parsed(secrets['SyncNotificationSettings'] ?? '');
  const { Enabled: enabled, Recipients: recipients } = settings ?? {};
  const isOn = enabled === true || (typeof enabled === 'string' && enabled.toLowerCase() === 'true');
  return isOn && typeof recipients === 'string' ? (mailAddresses(recipients) ?? []) : [];
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
