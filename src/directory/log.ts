// Where the reader says what it waits for and what it found odd; pino fits this shape. No token ever gets here.
export interface DirectoryLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const nothing = (): void => undefined;
export const silentLog: DirectoryLog = { info: nothing, warn: nothing };
