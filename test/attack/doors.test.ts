import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Floor, openFloor, worker } from './floor.ts';

// Whoever has no token: sockets that say nothing, heads and bodies without an end, guesses, proxies' clients.

let floor: Floor;
beforeAll(async () => {
  floor = await openFloor({ TRUST_PROXY: '127.0.0.1' }, 400);
});
afterAll(() => floor.close());

interface Door {
  socket: Socket;
  /** What came back so far. */
  heard(): string;
  closed: Promise<number>;
}

/** A connection, and what is said on it at once. `closed` gives after how many milliseconds it was closed. */
function knock(words = ''): Door {
  const { hostname, port } = new URL(floor.url);
  const from = performance.now();
  let heard = '';
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.on('error', () => {});
  socket.write(words);
  const closed = new Promise<number>((resolve) => {
    for (const event of ['end', 'close']) socket.once(event, () => resolve(performance.now() - from));
  });
  return { socket, heard: () => heard, closed };
}

const hangUp = (doors: readonly Door[]) => doors.forEach(({ socket }) => void socket.destroy());
const endless = 'Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n';

test('hundreds of connections without a token keep nobody out, at 400 open files', async () => {
  const doors: Door[] = [];
  const watched = await floor.during(async () => {
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 25; n++) {
        doors.push(
          knock(),
          knock('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '),
          knock(`POST /api/telesales/ingest/calls HTTP/1.1\r\n${endless}`),
          knock('NONSENSE\r\n\r\n'),
          knock('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
        );
      }
      await sleep(200);
    }
    await floor.revokesTokens();
  });
  expect(watched.failed).toEqual([]);
  expect(watched.slow).toBeLessThan(watched.attempts / 3);
  hangUp(doors);
}, 60_000);

test('connections of one tenant leave some to the others', async () => {
  const token = await floor.token('supervisor');
  const asked = `GET /api/telesales/reports/abandon-rate/stream?campaign_id=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  await floor.send(await floor.token('ingest'), '/api/telesales/ingest/campaigns', '{"campaign_id":1,"name":"One"}', {
    'content-type': 'application/x-ndjson',
  });
  const doors: Door[] = [];
  const watched = await floor.during(async () => {
    for (let n = 0; n < 250; n++) {
      doors.push(knock(asked));
      if (n % 50 === 49) await sleep(200);
    }
    await floor.revokesTokens();
  });
  expect(watched.failed).toEqual([]);
  const answers = doors.map((door) => door.heard().slice(9, 12));
  expect(answers).toContain('200');
  expect(doors.some((door) => door.heard().includes('TOO_MANY'))).toBe(true);
  hangUp(doors);
}, 60_000);

test('a head or a body without an end is not listened to for long', async () => {
  const silent = knock();
  const slow = knock('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  const drip = setInterval(() => slow.socket.write('x'), 300);
  const bodies = [
    knock(`POST /api/telesales/ingest/calls HTTP/1.1\r\n${endless}`),
    knock(`POST /api/telesales/tokens HTTP/1.1\r\nAuthorization: Bearer guess\r\n${endless}`),
    knock(`PUT /nowhere HTTP/1.1\r\n${endless}`),
    knock(`GET /healthz HTTP/1.1\r\n${endless}`),
    knock(`POST /%zz HTTP/1.1\r\n${endless}`),
  ];
  const drips = setInterval(() => {
    for (const { socket } of bodies) socket.write('1\r\nx\r\n');
  }, 300);
  // The order of ends, not their times: bodies that nobody wants go before heads that may still come.
  await Promise.all(bodies.map(({ closed }) => closed));
  expect(bodies.map((door) => door.heard().slice(9, 12))).toEqual(['401', '401', '404', '200', '400']);
  await Promise.all([slow.closed, silent.closed]);
  clearInterval(drip);
  clearInterval(drips);
  expect(slow.heard()).toMatch(/^HTTP\/1.1 408 /);
}, 60_000);

const from = (address: string, token: string) => ({ authorization: `Bearer ${token}`, 'x-forwarded-for': address });
const me = async (headers: Record<string, string>) =>
  (await fetch(`${floor.url}/api/telesales/me`, { headers })).status;

test('guesses from one address are slowed, and good tokens from it are not', async () => {
  const token = await floor.token('supervisor', { tenant: worker });
  const statuses: number[] = [];
  for (let n = 0; n < 60; n++) statuses.push(await me(from('203.0.113.7', `dt_guess-${n}`)));
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses).toContain(429);
  expect(await me(from('203.0.113.7', token))).toBe(200);
  expect(await me(from('203.0.113.8', 'dt_guess'))).toBe(401);
  // Who shows a token that has ended is told so, however often.
  await floor.revokesTokens();
});

test('thousands of requests sent at once on a few connections take nobody’s turn', async () => {
  const token = await floor.token('supervisor');
  for (const asked of [
    'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n',
    'GET /api/telesales/me HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n',
    `GET /api/telesales/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  ]) {
    const block = Buffer.from(asked.repeat(1500));
    let isOver = false;
    const send = async () => {
      while (!isOver) {
        const { socket, closed } = knock();
        const write = () => void (socket.writable && socket.write(block, write));
        write();
        // Whoever is hung up on comes again.
        await Promise.race([closed, sleep(3000)]);
        socket.destroy();
      }
    };
    const watched = await floor.during(async () => {
      const sending = Array.from({ length: 4 }, send);
      await sleep(2000);
      await floor.revokesTokens();
      isOver = true;
      await Promise.all(sending);
    });
    expect(watched.failed).toEqual([]);
    expect(watched.slow, JSON.stringify(watched)).toBeLessThan(watched.attempts / 5);
  }
}, 60_000);

test('a few requests may be sent without waiting for answers, and each gets its own', async () => {
  const { socket, heard, closed } = knock('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(15));
  socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await closed;
  expect(heard().match(/HTTP\/1.1 \d+/g)).toEqual([
    ...Array.from({ length: 15 }, () => 'HTTP/1.1 200'),
    'HTTP/1.1 404',
  ]);
});
