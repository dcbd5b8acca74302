/** A file of lines on the disk, written a few at a time. */
import { type FileHandle, open } from 'node:fs/promises';

const bufferedLength = 256 * 1024;

/** A file of lines that is written as they come. */
export class LineFile {
  /** How many lines were written. */
  lines = 0;
  /** How many characters they have. */
  characters = 0;
  private readonly handle: FileHandle;
  private waiting: string[] = [];
  private length = 0;
  private isClosed = false;

  private constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** Makes a file that only this user may read. */
  static async open(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx', 0o600));
  }

  /** Adds a line; await it, so that no more waits than was written. */
  async write(value: object): Promise<void> {
    const line = `${JSON.stringify(value)}\n`;
    this.lines++;
    this.characters += line.length;
    this.length += line.length;
    this.waiting.push(line);
    if (this.length >= bufferedLength) await this.flush();
  }

  /** Writes what waits, and closes the file; once more does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      await this.flush();
    } finally {
      await this.handle.close();
    }
  }

  private async flush(): Promise<void> {
    const text = this.waiting.join('');
    this.waiting = [];
    this.length = 0;
    await this.handle.appendFile(text);
  }
}
