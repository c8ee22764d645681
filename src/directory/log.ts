// Where the reader says what it waits for and what it found odd; pino fits this shape. No token ever gets here.
export interface DirectoryLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Is told of every request that was answered or lost, and of every wait before one is repeated. */
export interface DirectoryObserver {
  /** `code`: status, or `failed`. */
  answered(request: { readonly code: string; readonly seconds: number }): void;
  waited(seconds: number): void;
}

const nothing = (): void => undefined;
export const silentLog: DirectoryLog = { info: nothing, warn: nothing };
