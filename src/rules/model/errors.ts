// Errors sorted by what happens next: a refusal of one object is data; the loss of a system ends the page;
// a wrong configuration is refused when it is saved; anything else is a bug. Codes keep Entra's names.

/**
 * When a failed object is tried again: `next-cycle` = transient, so in the next cycle and then as `schedule` = growing
 * intervals; `soon` = the same after the next two cycles; `each-cycle` = nothing is wrong with it, it only has to wait;
 * `source-change` = only then.
 */
export type RetryPolicy = 'each-cycle' | 'next-cycle' | 'soon' | 'schedule' | 'source-change';

interface ErrorFacts {
  readonly retry: RetryPolicy;
  /** What an administrator should do, one sentence. */
  readonly remedy: string;
}

const facts = (retry: RetryPolicy, remedy: string): ErrorFacts => ({ retry, remedy });

/** Every code that one object can fail with. `docs/errors.md` is compared with this table by a test. */
export const objectErrors = {
  AttributeEvaluationFailed: facts(
    'source-change',
    'Correct the mapping expression, or the value of the source attribute it reads.',
  ),
  BadRequest: facts(
    'schedule',
    'Read the answer of the application in the details and correct the mapping or the value it refuses.',
  ),
  Conflict: facts(
    'schedule',
    'Another account in the application already holds this value: rename or remove it, or match by another attribute.',
  ),
  DuplicateTargetEntries: facts(
    'schedule',
    'Make the matching attribute unique in the application, or match by another attribute.',
  ),
  DuplicateSourceEntries: facts(
    'soon',
    'Two objects of the directory map to the same account: make the matching attribute unique in the directory. If the other one was deleted, restore it instead of creating it anew, or purge it: then its account goes, and this object gets its own.',
  ),
  EntryBusy: facts('each-cycle', 'Another run is writing this object; it is tried again in the next cycle.'),
  ImportSkipped: facts('source-change', 'Give the object a value for at least one matching attribute.'),
  InsufficientRights: facts('schedule', 'Grant the credentials of this job the right to do this in the application.'),
  InternalServerError: facts(
    'next-cycle',
    'The application failed; it is tried again in the next cycle. Ask its operator if it stays.',
  ),
  InvalidAnchor: facts(
    'schedule',
    'The linked account no longer exists in the application: set InvalidAnchorAction to Recreate, or restart with ConnectorDataStore to match again.',
  ),
  MandatoryFieldsMissing: facts(
    'source-change',
    'Fill the required attribute in the directory, or give its mapping a default value.',
  ),
  MethodNotAllowed: facts(
    'schedule',
    'The application does not offer this operation: switch the target object action off.',
  ),
  NotImplemented: facts(
    'schedule',
    'The application does not offer this operation: switch the target object action off.',
  ),
  SystemForCrossDomainIdentityManagementServiceIncompatible: facts(
    'soon',
    'The application answered outside the SCIM protocol: see the details and ask its operator.',
  ),
  Timeout: facts('next-cycle', 'The application did not answer in time; it is tried again in the next cycle.'),
  TooManyRequests: facts(
    'next-cycle',
    'The application throttles requests; it is tried again in the next cycle. Lower the concurrency of the job if it stays.',
  ),
  UniqueValueNotAvailable: facts(
    'schedule',
    'Add a rule to SelectUniqueValue that gives another value, or free one of those in the application.',
  ),
  UniqueValueNotCheckable: facts(
    'schedule',
    'Map SelectUniqueValue to an attribute by which the application can be asked for accounts.',
  ),
  UnableToResolveReferenceAttributeValue: facts(
    'each-cycle',
    'The referenced object is not provisioned yet; the reference is written as soon as it is.',
  ),
  UnprocessableEntity: facts(
    'schedule',
    'Read the answer of the application in the details and correct the value it refuses.',
  ),
  WebExceptionProtocolError: facts('next-cycle', 'The connection broke; it is tried again in the next cycle.'),
} as const satisfies Record<string, ErrorFacts>;
export type ObjectErrorCode = keyof typeof objectErrors;

/** The refusal of one object. Data, never thrown across a stage. */
export interface ObjectError {
  readonly code: ObjectErrorCode;
  /** What happened, to whom, in one sentence. */
  readonly message: string;
  /** Attribute the error is about, where it is known. */
  readonly attribute?: string;
  /** HTTP status of the target, where there was one. */
  readonly status?: number;
  /** RFC 7644's reason of a 400, where the target gave one. */
  readonly scimType?: string;
  /** Clipped and redacted answer of the target. */
  readonly detail?: string;
}

const lostAnswers: ReadonlySet<ObjectErrorCode> = new Set([
  'Timeout',
  'WebExceptionProtocolError',
  'InternalServerError',
  'SystemForCrossDomainIdentityManagementServiceIncompatible',
]);
/** Whether a write that ended so may have been done all the same. */
export const mayHaveHadEffect = ({ code }: ObjectError): boolean => lostAnswers.has(code);

/** Whether it may have failed because the application is ill, and not because of this object. */
export const failsAsSystem = (error: ObjectError): boolean =>
  mayHaveHadEffect(error) || error.code === 'TooManyRequests';

/** Did the target say that this very account is not there? */
export const reportsGone = ({ code, status }: ObjectError): boolean =>
  code === 'InvalidAnchor' && (status === 404 || status === 410);

/** Loss of a system: ends the page at its checkpoint and counts towards quarantine. */
export const systemErrors = {
  SystemForCrossDomainIdentityManagementInvalidCredentials:
    'Enter a valid tenant URL and secret token and start the job again.',
  SystemForCrossDomainIdentityManagementServiceIncompatible:
    'Check the tenant URL: what answers there is not a SCIM 2.0 service.',
  SystemForCrossDomainIdentityManagementUnreachable:
    'Check that the tenant URL is right and that the application is up and reachable from here.',
  CredentialsMissing: 'Save BaseAddress and SecretToken with PUT …/synchronization/secrets before starting the job.',
  DirectoryUnreachable:
    'Check AZURE_AUTHORITY_HOST and GRAPH_BASE_URL and that the directory can be reached from here.',
  DirectoryInvalidCredentials:
    'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and that the application has its Graph permissions.',
  DirectoryReadIncomplete:
    'The directory did not finish answering. Nothing was deprovisioned; the next cycle reads again.',
} as const;
export type SystemErrorCode = keyof typeof systemErrors;

/** The request that showed the loss, and what came back; nothing in it is secret or tells of people. */
export interface FailedExchange {
  readonly method: string;
  readonly url: string;
  /** `null` when no answer came: then `body` says why. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class SystemError extends Error {
  override readonly name = 'SystemError';
  readonly code: SystemErrorCode;
  readonly exchange: FailedExchange | undefined;
  constructor(
    code: SystemErrorCode,
    message: string,
    { exchange, ...options }: ErrorOptions & { readonly exchange?: FailedExchange } = {},
  ) {
    super(message, options);
    this.code = code;
    this.exchange = exchange;
  }
}

/** Nothing was sent: the run may not write any more, because its cycle was stopped or another run has its page. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/** Wrong input from a person: nothing was changed. `target` names the field or path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: string;
  readonly target: string | undefined;
  constructor(code: string, message: string, target?: string) {
    super(message);
    this.code = code;
    this.target = target;
  }
}
