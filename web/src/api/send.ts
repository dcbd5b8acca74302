/** How the console sends files: as it asks for anything, and with word of how far it is. */
import { toApiError, Unreachable } from './client.ts';

/** A file that is sent. */
export interface Sending {
  headers: Record<string, string>;
  body: Blob;
  /** How much of it has gone, from 0 to 1. */
  onProgress(share: number): void;
}

/** Sends a file and gives the JSON that comes back. Throws ApiError or Unreachable. */
export function sendFile<Answer>(path: string, { headers, body, onProgress }: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // What fetch sends, it sends without a word.
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onerror = () => reject(new Unreachable('The server does not answer.'));
    request.onload = () => {
      const said = readJson(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(said as Answer);
      else reject(toApiError(request.status, said));
    };
    request.send(body);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
