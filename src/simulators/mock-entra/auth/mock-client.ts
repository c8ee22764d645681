// An application that is registered in the tenant of the mock.
export interface MockClient {
  readonly id: string;
  readonly secret: string;
  /** App roles in its tokens. Default: all that the engine and its API know. */
  readonly roles?: readonly string[];
  /** App roles of people that sign in to it, by userPrincipalName in lower case. Default: Provisor.Admin for everybody. */
  readonly people?: Readonly<Record<string, readonly string[]>>;
}
