/** Clients that do what browsers don't: ask and never read, ask and leave. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that has asked and reads nothing until it is told to. */
export interface DeafClient {
  socket: Socket;
  /** What it has read. */
  bytes(): number;
  text(): string;
  /** Reads from now on. Gives how it ended: as an answer that is whole does, or broken off. */
  read(): Promise<'whole' | 'broken'>;
  /** Waits until the server has let go of it, reading nothing. */
  dropped(): Promise<void>;
  leave(): void;
}

/** Asks for a path and reads nothing, as a sleeping laptop does. */
export async function askDeaf(url: string, path: string, token: string): Promise<DeafClient> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  let [bytes, text, error] = [0, '', ''];
  socket.on('error', (found: NodeJS.ErrnoException) => {
    error = found.code ?? found.message;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  let tail = '';
  return {
    socket,
    bytes: () => bytes,
    text: () => text,
    async read() {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (text.length < 65_536) text += chunk.toString();
        tail = (tail + chunk.toString('latin1')).slice(-5);
      });
      socket.resume();
      await closed;
      return error === '' && (tail === '0\r\n\r\n' || !text.includes('chunked')) ? 'whole' : 'broken';
    },
    async dropped() {
      // A socket that nobody reads hears of its end by writing: a byte of a next request.
      const asking = setInterval(() => socket.write('G'), 100);
      await closed;
      clearInterval(asking);
    },
    leave: () => socket.destroy(),
  };
}
