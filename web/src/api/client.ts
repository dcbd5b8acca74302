/** How the console asks the server: JSON in and out, errors in the API's own words, and a session that may have ended. */

/** What the server refused, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Which fields, and why. */
    readonly errors: Record<string, string[]> = {},
  ) {
    super(message);
  }

  /** Whether the question itself is at fault: asking again changes nothing. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** What may be said of a question beside its address. */
export interface Asking {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: BodyInit | null;
  signal?: AbortSignal;
}

const listeners = new Set<() => void>();

/** Calls back when the session turns out to have ended. Gives what stops that. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Asks for something. Throws ApiError or Unreachable. */
export async function ask(path: string, asking: Asking = {}): Promise<Response> {
  const answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...asking }).catch((error) => {
    if (asking.signal?.aborted) throw error;
    throw new Unreachable('The server does not answer.', { cause: error });
  });
  if (answer.ok) return answer;
  const said: unknown = await answer.json().catch(() => ({}));
  throw toApiError(answer.status, said, { isStranger: asking.headers?.authorization !== undefined });
}

/** Asks for JSON. Throws ApiError or Unreachable. */
export async function askJson<Answer>(path: string, asking: Asking = {}): Promise<Answer> {
  return (await (await ask(path, asking)).json()) as Answer;
}

/** What the server refused, by what it said. When the session has ended, whoever waits for that is told; a stranger has none. */
export function toApiError(status: number, said: unknown, { isStranger = false } = {}): ApiError {
  if (status === 401 && !isStranger) for (const tell of listeners) tell();
  const { message = `The server answered ${status}.`, code = 'UNKNOWN', errors } = said as Partial<ApiError>;
  return new ApiError(status, code, message, errors);
}

/** A query string of what is given; lists as the API takes them. */
export function toQuery(params: Record<string, string | number | readonly number[] | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) query.append(`${name}[]`, String(one));
    else query.append(name, String(value));
  }
  return query.toString();
}
