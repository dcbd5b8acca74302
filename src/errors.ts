/** Every error that people are told of, each with its code, its status and what to do about it. */
import { type FieldErrors, type ParamFault, toFieldErrors } from './faults.ts';

/** An error that is told to whoever asked: a stable code, an HTTP status, and a sentence with the remedy. */
export class DialtallyError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.status = status;
  }
}

/** Parameters that can't be taken; names every bad field at once. */
export class InvalidParams extends DialtallyError {
  readonly faults: readonly ParamFault[];
  /** The same in sentences, as the API says them. */
  readonly errors: FieldErrors;
  constructor(faults: readonly ParamFault[]) {
    super('INVALID_PARAMS', 422, 'The given data was invalid.');
    this.faults = faults;
    this.errors = toFieldErrors(faults);
  }
}

/** Options of the command line that can't be taken: each sentence names its option. */
export class BadOptions extends DialtallyError {
  readonly sentences: readonly string[];
  constructor(...sentences: readonly string[]) {
    super('BAD_OPTIONS', 422, sentences.join(' '));
    this.sentences = sentences;
  }
}

/** No token, or one that is unknown, expired or revoked. */
export class Unauthenticated extends DialtallyError {
  constructor(
    message = 'Send a valid token: "Authorization: Bearer TOKEN". An admin makes one with "dialtally token create".',
  ) {
    super('UNAUTHENTICATED', 401, message);
  }
}

/** The token is good, but may not do this. */
export class Forbidden extends DialtallyError {
  constructor(message: string) {
    super('FORBIDDEN', 403, message);
  }
}

/** There is no such report, campaign, page or row for this tenant. */
export class NotFound extends DialtallyError {
  constructor(message: string) {
    super('NOT_FOUND', 404, message);
  }
}

/** A token, a tenant or an address asked more often than it may. */
export class TooManyRequests extends DialtallyError {
  /** When to ask again. */
  readonly retryAfterSec: number;
  constructor(message: string, retryAfterSec = 1) {
    super('TOO_MANY_REQUESTS', 429, message);
    this.retryAfterSec = retryAfterSec;
  }
}

/** A tenant has more requests at work than it leaves connections to the others. */
export class TooManyAtOnce extends DialtallyError {
  constructor() {
    super(
      'TOO_MANY_AT_ONCE',
      429,
      'The tenant has more requests and streams open than its share of the connections. Close some, or wait for an answer, and ask again.',
    );
  }
}

/** A tenant is being given as many answers as ANSWER_LIMIT allows. */
export class TooManyAnswers extends DialtallyError {
  constructor(limit: number) {
    super(
      'TOO_MANY_ANSWERS',
      429,
      `The tenant is being given ${limit} answers already. Read them to their end, or wait a moment and ask again.`,
    );
  }
}

/** A tenant has as many good tokens as TOKEN_LIMIT allows. */
export class TooManyTokens extends DialtallyError {
  constructor(limit: number) {
    super(
      'TOO_MANY_TOKENS',
      409,
      `The tenant has ${limit} tokens that are good, and may not have more. End one that is not needed; tokens with an end ("expires") make room by themselves.`,
    );
  }
}

/** A tenant has as many open streams as STREAM_LIMIT allows, or over as many campaigns as are measured for it. */
export class TooManyStreams extends DialtallyError {
  constructor(limit: number, what = 'open streams') {
    super('TOO_MANY_STREAMS', 429, `The tenant has ${limit} ${what} already. Close one, or ask the report instead.`);
  }
}

/** A webhook whose receiver answered 410: nothing more is sent to it. */
export class WebhookGone extends DialtallyError {
  constructor(webhookId: number) {
    super('WEBHOOK_GONE', 409, `The receiver of webhook ${webhookId} answered 410: it is gone. Register it again.`);
  }
}

/** A body is larger than this endpoint takes. */
export class TooLarge extends DialtallyError {
  constructor(message: string) {
    super('TOO_LARGE', 413, message);
  }
}

/** The body's format is none that this endpoint reads. */
export class UnsupportedFormat extends DialtallyError {
  constructor(message: string) {
    super('UNSUPPORTED_FORMAT', 415, message);
  }
}

/** A file that can't be read as the format it claims to be: nothing of it was taken in. */
export class UnreadableFile extends DialtallyError {
  readonly errors: FieldErrors;
  constructor(message: string, options?: ErrorOptions) {
    super('UNREADABLE_FILE', 422, message, options);
    this.errors = { file: [message] };
  }
}

/** A mapping that can't be used: names every fault with its place. */
export class BadMapping extends DialtallyError {
  readonly errors: FieldErrors;
  constructor(faults: readonly { path: string; message: string }[]) {
    super('BAD_MAPPING', 422, faults.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.errors = Object.fromEntries(faults.map(({ path, message }) => [path, [message]]));
  }
}

/** A tenant has as many campaigns as it may have. */
export class TooManyCampaigns extends DialtallyError {
  constructor(most: number) {
    super(
      'TOO_MANY_CAMPAIGNS',
      409,
      `The tenant would have more than ${most} campaigns (CAMPAIGN_LIMIT). Nothing of the file was taken in: see whether the column that is read as campaign_id holds something else.`,
    );
  }
}

/** A tenant has as many names of a kind as it may have. */
export class TooManyNames extends DialtallyError {
  constructor(kind: string, most: number) {
    super(
      'TOO_MANY_NAMES',
      409,
      `The tenant would have more than ${most} names of kind ${kind}. Names are kept for good: send ids of your own (whole numbers) instead, or see whether the column that is read as names holds something else.`,
    );
  }
}

/** More of a tenant waits to be taken in than its share of the room that is set aside. */
export class IngestBusy extends DialtallyError {
  constructor() {
    super(
      'INGEST_BUSY',
      429,
      'More of your rows wait to be taken in than there is room for. Nothing of this request was taken in: send it again in a moment.',
    );
  }
}

/** A request with the same Idempotency-Key is still being worked on. */
export class KeyInUse extends DialtallyError {
  constructor() {
    super(
      'KEY_IN_USE',
      409,
      'A request with this Idempotency-Key is still being worked on. Send it again in a moment to get its answer.',
    );
  }
}

/** Another request had this Idempotency-Key. */
export class KeyReused extends DialtallyError {
  constructor() {
    super(
      'KEY_REUSED',
      422,
      'This Idempotency-Key was used for another request (another body, table, format or strict) in the last 24 hours. Give each request a key of its own.',
    );
  }
}

/** A body that stopped coming, or came too slowly. */
export class BodyStalled extends DialtallyError {
  constructor(slowestBytes: number) {
    const rate = slowestBytes > 0 ? `, or came more slowly than ${slowestBytes / 1024} KB a second` : '';
    super(
      'BODY_STALLED',
      408,
      `The body stopped coming for half a minute${rate}. Nothing of it was taken in: send it again.`,
    );
  }
}

/** A body that comes in far too many pieces of far too few bytes. */
export class BodyInCrumbs extends DialtallyError {
  constructor() {
    super(
      'BODY_IN_CRUMBS',
      400,
      'The body comes in more than a million pieces of a few bytes. Nothing of it was taken in: write it in larger pieces, such as whole lines.',
    );
  }
}

/** The store does not answer. */
export class StoreUnavailable extends DialtallyError {
  constructor(message = 'The store does not answer. Try again in a moment.', options?: ErrorOptions) {
    super('STORE_UNAVAILABLE', 503, message, options);
  }
}

/** The disk is full, or so nearly that the rest is kept for what goes on. */
export class StoreFull extends DialtallyError {
  constructor(
    message = 'The disk is full, so nothing more can be kept. Send it again when there is room: nothing counts twice.',
    options?: ErrorOptions,
  ) {
    super('STORE_FULL', 503, message, options);
  }
}

/** The rows are copied once to bring them to this version, and there is no room for the copy. */
export class UpgradeNeedsRoom extends DialtallyError {
  constructor({ table, bytes, freeBytes }: { table: string; bytes: number; freeBytes: number }) {
    const toMb = (size: number) => `${Math.ceil(Math.max(0, size) / 1024 ** 2)} MB`;
    super(
      'UPGRADE_NEEDS_ROOM',
      503,
      `Bringing the rows to this version needs ${toMb(bytes)} of disk for a while (a copy of ${table}), and ${toMb(freeBytes)} can be had. Nothing was changed. Make room for ${toMb(bytes - freeBytes)} more and start again.`,
    );
  }
}

/** Rows came in while they were brought to this version: a process that knows nothing of it still writes. */
export class StoreChanged extends DialtallyError {
  constructor(table: string) {
    super(
      'STORE_CHANGED',
      503,
      `Rows came into ${table} while it was brought to this version, so it was left as it is. Stop every server of an older version that works on this store, and start again.`,
    );
  }
}

/** More is asked of the store than it can answer in time. Nothing of the request was done. */
export class StoreBusy extends DialtallyError {
  constructor() {
    super(
      'STORE_BUSY',
      503,
      'More is being asked for than can be answered in time. Ask again in a moment, or for less at once.',
    );
  }
}

/** A query ran longer, or held more memory, than it may. */
export class QueryOverLimit extends DialtallyError {
  constructor(message: string, options?: ErrorOptions) {
    super('QUERY_OVER_LIMIT', 503, message, options);
  }
}

/** Whoever asked went away before the answer was ready. */
export class QueryCanceled extends DialtallyError {
  constructor(options?: ErrorOptions) {
    super('QUERY_CANCELED', 499, 'The request was closed before the answer was ready.', options);
  }
}

/** Another sync of the same source has kept its state in the meantime. */
export class SyncConflict extends DialtallyError {
  constructor(source: string) {
    super(
      'SYNC_CONFLICT',
      409,
      `Another sync of ${source} runs for this tenant. Let one of them run; what both took in is whole.`,
    );
  }
}

/** Another process holds the data directory. */
export class DataDirectoryInUse extends DialtallyError {
  constructor(path: string, options?: ErrorOptions) {
    super(
      'DATA_DIRECTORY_IN_USE',
      503,
      `The data directory ${path} can't be opened: another process holds it, or this user may not write there. Stop that process, or name another directory with --data-dir.`,
      options,
    );
  }
}

/** A backup goes into a directory of its own. */
export class BackupTargetTaken extends DialtallyError {
  constructor(directory: string) {
    super(
      'BACKUP_TARGET_TAKEN',
      409,
      `${directory} is not an empty directory, and a backup overwrites nothing. Name a new one.`,
    );
  }
}

/** A backup or a restore could not be done to its end: a full disk, a missing permission. */
export class BackupFailed extends DialtallyError {
  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super('BACKUP_FAILED', 503, `It could not be done in ${directory}: ${reason}.`, options);
  }
}

/** A backup goes into a directory whose parent is there: a disk that is not mounted is no place for it. */
export class BackupPlaceMissing extends DialtallyError {
  constructor(directory: string, options?: ErrorOptions) {
    super(
      'BACKUP_PLACE_MISSING',
      422,
      `The directory above ${directory} does not exist on the server\u2019s machine. Make it, or mount its disk.`,
      options,
    );
  }
}

/** The rows are in a ClickHouse server, which backs up and restores by itself. */
export class BackupElsewhere extends DialtallyError {
  constructor(database: string) {
    super(
      'BACKUP_ELSEWHERE',
      409,
      `The rows are in a ClickHouse server (CLICKHOUSE_URL), which makes its own backups. Run there: BACKUP DATABASE ${database} TO Disk('backups', 'NAME'), and to get it back: RESTORE DATABASE ${database} FROM Disk('backups', 'NAME').`,
    );
  }
}

/** A directory that holds no backup. */
export class NotABackup extends DialtallyError {
  constructor(directory: string) {
    super(
      'NOT_A_BACKUP',
      422,
      `${directory} is no backup: it has no manifest.json. Name a directory that "dialtally backup" wrote.`,
    );
  }
}

/** A backup that was stopped in the middle. */
export class BackupUnfinished extends DialtallyError {
  constructor(directory: string) {
    super(
      'BACKUP_UNFINISHED',
      422,
      `The backup in ${directory} is not finished: it still runs, or was stopped in the middle. Restore another one, and remove this one.`,
    );
  }
}

/** A backup that is not what was written: a file is missing, cut short or changed. */
export class BackupDamaged extends DialtallyError {
  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super(
      'BACKUP_DAMAGED',
      422,
      `The backup in ${directory} is damaged: ${reason}. Nothing was restored. Restore another one.`,
      options,
    );
  }
}

/** A backup that a newer version made. */
export class BackupNewer extends DialtallyError {
  constructor(directory: string, theirs: string, ours: string) {
    super(
      'BACKUP_NEWER',
      422,
      `The backup in ${directory} was made by version ${theirs}, which is newer than this one (${ours}). Restore it with that version or a later one.`,
    );
  }
}

/** A restore never mixes with rows that are there. */
export class DataDirectoryHasRows extends DialtallyError {
  constructor(dataDir: string, rows: string) {
    super(
      'DATA_DIRECTORY_HAS_ROWS',
      409,
      `${dataDir} holds rows already (${rows}), and a restore replaces nothing. Name an empty directory with --data-dir, or move this one away first.`,
    );
  }
}

/** A customer's package of layouts has faults: the server does not start. Names every fault at once. */
export class BadCustomerPackages extends DialtallyError {
  constructor(faults: readonly string[]) {
    const several = faults.length === 1 ? 'is a fault' : `are ${faults.length} faults`;
    super('BAD_CUSTOMER_PACKAGES', 500, [`There ${several} in CUSTOMER_PACKAGES:`, ...faults].join('\n  '));
  }
}

/** This machine can't run the embedded engine. */
export class UnsupportedPlatform extends DialtallyError {
  constructor(platform: string, options?: ErrorOptions) {
    super(
      'UNSUPPORTED_PLATFORM',
      503,
      `The embedded engine runs on glibc Linux and macOS, not on ${platform}. Set CLICKHOUSE_URL to use a ClickHouse server.`,
      options,
    );
  }
}

/** A fault of ours. The log has the details, the answer does not. */
export class Internal extends DialtallyError {
  constructor(options?: ErrorOptions) {
    super('INTERNAL', 500, 'Something went wrong on our side. The server log says what.', options);
  }
}
