/** What a mapping can say of how phone numbers are written. */

/** How phone numbers are written in a file. */
export interface PhoneForm {
  country_code?: string | undefined;
  dial_prefix?: string | undefined;
}

/** How the parts of a phone number's form are written: as JSON Schema has it, and as a sentence. */
export const phoneFormParts = {
  country_code: { pattern: '^[1-9][0-9]{0,3}$', rule: 'A country code is one to four digits, such as 84.' },
  dial_prefix: { pattern: '^[0-9*#]{1,10}$', rule: 'A prefix is up to ten digits, * or #.' },
} as const;
