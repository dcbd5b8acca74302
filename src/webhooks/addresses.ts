/** Keeps webhooks from reaching into this machine and its network: which addresses may be called, and which never. */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { DialtallyError } from '../errors.ts';

/** Which addresses a webhook may be on. */
export interface AddressRule {
  /** Whether an IP address, as text, may be called. */
  allows(address: string): boolean;
  /** Resolves a name for a connection, and fails when any of its addresses may not be called. */
  lookup: LookupFunction;
}

/** The IP address that a URL names, or undefined when it has a name that must be looked up. */
export function addressOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isAddress(host) ? host : undefined;
}

const isAddress = (host: string) => /^[\d.]+$|:/.test(host);

/**
 * An address that may not be called, or a name that leads to none that may. What a name leads to is not said, nor whether there is
 * such a name: whoever makes webhooks is not to find out what this network calls its machines.
 */
export class ForbiddenAddress extends Error {
  constructor(host: string, options?: ErrorOptions) {
    const what = isAddress(host) ? `${host} is` : `${host} is not known, or is`;
    super(`${what} not a public address: the operator may allow its network with WEBHOOK_ALLOWED_NETWORKS`, options);
  }
}

/** The addresses that this machine has now, the public ones too. */
const readOwnAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));

// Azure's machines reach its platform (DHCP, DNS, their agent) there, on an address that is public by its look.
const platforms = ['168.63.129.16'];

/**
 * Only public addresses may be called: not this machine by any of its addresses, its network or a link-local one, whatever the spelling.
 * The operator may allow networks (`10.1.0.0/16`). Throws BAD_CONFIG for one that can't be read.
 */
export function openAddressRule(
  allowedNetworks: readonly string[],
  ownAddresses: () => readonly string[] = readOwnAddresses,
): AddressRule {
  const allowed = allowedNetworks.map(readNetwork);
  const allows = (text: string) => {
    if (!ipaddr.isValid(text)) return false;
    // An IPv4 address inside an IPv6 one is judged as what it leads to.
    const address = ipaddr.process(text);
    const isIn = ([network, bits]: ReturnType<typeof readNetwork>) =>
      network.kind() === address.kind() && address.match(network, bits);
    if (allowed.some(isIn)) return true;
    const isSame = (other: string) => ipaddr.isValid(other) && ipaddr.process(other).toString() === address.toString();
    return address.range() === 'unicast' && isGlobal(address) && ![...platforms, ...ownAddresses()].some(isSame);
  };
  const resolve = async (host: string, options: LookupOptions): Promise<LookupAddress[]> => {
    const found = await lookup(host, { family: options.family as never, all: true }).catch((error: unknown) => {
      throw new ForbiddenAddress(host, { cause: error });
    });
    if (found.length === 0 || !found.every(({ address }) => allows(address))) throw new ForbiddenAddress(host);
    return found;
  };
  return {
    allows,
    lookup: (host, options, done) => {
      resolve(host, options).then(
        (found) => {
          const [first] = found;
          if (options.all) done(null, found);
          else done(null, first?.address ?? '', first?.family);
        },
        (error) => done(error, []),
      );
    },
  };
}

// IPv6 gives out addresses of the Internet from this block alone; ::127.0.0.1, among others, lies outside.
const global = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(global);
}

function readNetwork(text: string) {
  try {
    return ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  } catch (error) {
    throw new DialtallyError(
      'BAD_CONFIG',
      500,
      `WEBHOOK_ALLOWED_NETWORKS must be networks such as 10.1.0.0/16 with commas between them, not ${JSON.stringify(text)}.`,
      { cause: error },
    );
  }
}
