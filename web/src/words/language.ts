/** The languages that the console speaks, as the web names them. */

/** One of them. */
export type Language = 'en' | 'vi';
