// Settings → the ways to reach people.
import type { Settings } from '../../config/settings.ts';
import type { ChannelSettings } from '../notify/open-channels.ts';

export const channelSettings = (settings: Settings, version: string): ChannelSettings => ({
  mail:
    settings.SMTP_URL === undefined
      ? null
      : { smtpUrl: settings.SMTP_URL, from: settings.PROVISOR_MAIL_FROM ?? 'provisor@localhost' },
  recipients: settings.PROVISOR_MAIL_TO,
  webhooks: {
    urls: settings.PROVISOR_WEBHOOK_URLS,
    secrets: settings.PROVISOR_WEBHOOK_SECRET,
    userAgent: `Provisor/${version}`,
    now: Date.now,
  },
});
