// A message as mail: plain text, and the same as simple HTML.
import type { Message } from '../rules/notifications/message.ts';

export function textBody(message: Message): string {
  return [...parts(message).map(([title, text]) => `${title}\n${text}`), FOOT].join('\n\n') + '\n';
}

export function htmlBody(message: Message): string {
  const sections = parts(message).map(
    ([title, text]) => `<p><b>${escaped(title)}</b><br>${text === message.link ? anchor(text) : escaped(text)}</p>`,
  );
  return `<!doctype html>\n<html lang="en"><body style="font-family: sans-serif">\n${sections.join('\n')}\n<p><small>${FOOT}</small></p>\n</body></html>\n`;
}

const FOOT = 'Sent by Provisor. Who gets these messages is set in the job, and in PROVISOR_MAIL_TO.';

const parts = ({ what, why, todo, link }: Message): readonly (readonly [string, string])[] => [
  ['What happened', what],
  ...(why === null ? [] : [['Why', why] as const]),
  ['What to do', todo],
  ...(link === null ? [] : [['See more', link] as const]),
];

const anchor = (url: string): string => `<a href="${escaped(url)}">${escaped(url)}</a>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
