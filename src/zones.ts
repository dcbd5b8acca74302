/** Names of the time zone database without a region, as it spells them. Other such names (`PST`, `IST`) are abbreviations of several zones. */
const withoutRegion =
  'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu'.split(
    ' ',
  );

/** Names whose spelling follows from no rule. */
const peculiar =
  'America/Argentina/ComodRivadavia America/Knox_IN Antarctica/DumontDUrville Antarctica/McMurdo Australia/ACT Australia/LHI Australia/NSW Brazil/DeNoronha Chile/EasterIsland Etc/UCT Etc/UTC Mexico/BajaNorte Mexico/BajaSur'.split(
    ' ',
  );

const spellings = new Map([...withoutRegion, ...peculiar].map((name) => [name.toLowerCase(), name]));
const inAnyCase = /^[a-z]+(\/[a-z0-9_+-]+)+$/i;

/**
 * A zone or link of the time zone database by its name in any case, spelled as the database does: every name that this Node's
 * `Intl` knows. Undefined for others, for offsets such as `+07:00`, and for abbreviations.
 */
export function findZone(name: string): string | undefined {
  const known = spellings.get(name.toLowerCase());
  if (known === undefined && !inAnyCase.test(name)) return undefined;
  const found = known ?? spelled(name.toLowerCase());
  return /^SystemV/i.test(found) || !hasRules(found) ? undefined : found;
}

function spelled(name: string): string {
  const cased = name.replace(/(?<![a-z])[a-z]+/g, (word) =>
    ['of', 'au', 'es'].includes(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
  );
  return cased.replace(/^(Us(?=\/)|Etc\/Gmt)/, (head) => (head === 'Us' ? 'US' : 'Etc/GMT'));
}

function hasRules(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
