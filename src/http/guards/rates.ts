/** How often a token, a tenant or an address may ask, and who has asked too often. */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';
import { TooManyRequests } from '../../errors.ts';

/** How often may be asked. */
export interface Rates {
  /** Counts a request: by its token and its tenant, or by its address when it shows no good token. Throws TooManyRequests. */
  count(request: FastifyRequest, reply: FastifyReply): void;
  /** Counts a token that is not good: another one each time is a guess, the same again is not. Throws TooManyRequests. */
  countGuess(request: FastifyRequest, token: string): void;
}

// Calls come one by one, 200 a second on a busy floor, and unevenly: asking for reports is what the limit is about.
const timesForRows = 5;
const mostGuesses = 20;

/** Opens the counts. Without RATE_LIMIT, nothing is counted. */
export function openRates(
  { rateLimit, rateLimitTenant }: Pick<Config, 'rateLimit' | 'rateLimitTenant'>,
  elapsed: () => number = () => performance.now(),
): Rates {
  const second = openCounts(1000, elapsed);
  const minute = openCounts(60_000, elapsed);

  return {
    count(request, reply) {
      const { asking, routeOptions } = request;
      if (rateLimit === 0 || asking?.role === 'operator') return;
      if (!asking) {
        const seen = second.add(`address ${networkOf(request.ip)}`);
        tell(reply, rateLimit, seen);
        if (seen.count > rateLimit) throw tooMany(`More than ${rateLimit} requests in a second`, seen);
        return;
      }
      const [kind, times] = routeOptions.config.takesRows ? ['rows', timesForRows] : ['answers', 1];
      const ofToken = second.add(`token ${asking.tokenId} ${kind}`);
      tell(reply, rateLimit * times, ofToken);
      if (ofToken.count > rateLimit * times)
        throw tooMany(`More than ${rateLimit * times} requests in a second`, ofToken);
      // What its own limit turned away is not the tenant's.
      const ofTenant = second.add(`tenant ${asking.tenantId} ${kind}`);
      if (rateLimitTenant > 0 && ofTenant.count > rateLimitTenant * times)
        throw tooMany(
          `More than ${rateLimitTenant * times} requests in a second by the tenant\u2019s tokens`,
          ofTenant,
        );
    },
    countGuess({ ip }, token) {
      if (rateLimit === 0) return;
      const network = networkOf(ip);
      const digest = createHash('sha256').update(token).digest('base64');
      const isNew = minute.add(`${network} ${digest}`).count === 1;
      const seen = minute.add(network, isNew ? 1 : 0);
      if (seen.count > mostGuesses)
        throw tooMany(`More than ${mostGuesses} unknown tokens from this address in a minute`, seen);
    },
  };
}

interface Seen {
  count: number;
  /** Until counting begins anew. */
  leftSec: number;
}

// Nobody has so many addresses for long, but whoever has shall not fill the memory.
const mostNames = 100_000;

/** Counts by name, anew in each window of time. */
function openCounts(windowMs: number, elapsed: () => number) {
  let counts = new Map<string, number>();
  let window = -1;
  return {
    add(name: string, times = 1): Seen {
      const at = elapsed();
      const present = Math.floor(at / windowMs);
      if (present !== window || counts.size >= mostNames) counts = new Map();
      window = present;
      const count = (counts.get(name) ?? 0) + times;
      counts.set(name, count);
      return { count, leftSec: Math.ceil(((present + 1) * windowMs - at) / 1000) };
    },
  };
}

function tell(reply: FastifyReply, limit: number, { count, leftSec }: Seen): void {
  reply.headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': Math.max(0, limit - count),
    'x-ratelimit-reset': leftSec,
  });
}

const tooMany = (what: string, { leftSec }: Seen) =>
  new TooManyRequests(`${what}. Wait ${leftSec === 1 ? 'a second' : `${leftSec} seconds`} and ask again.`, leftSec);

/** Whose address it is: of IPv6, one customer has 2^64. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip;
  const [head = '', tail] = ip.split('::');
  const parts = head.split(':').filter(Boolean);
  const after = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - parts.length - after.length) }, () => '0');
  return [...parts, ...zeros, ...after].slice(0, 4).join(':');
}
