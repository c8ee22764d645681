// Reading base64 as .NET does: padded, white space between the characters allowed.

/** Null for a text that is not base64. */
export function bytesOfBase64(source: string): Uint8Array | null {
  const text = source.replaceAll(/[\t\n\r ]/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
