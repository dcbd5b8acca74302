/** Why a text can't be read at all. */
export interface Broken {
  path: string;
  message: string;
}

/** Reads a JSON text that people write, or says where it breaks. */
export function parseDocument(text: string): { content: unknown } | Broken {
  try {
    return { content: JSON.parse(text) };
  } catch (error) {
    const { message } = error as SyntaxError;
    const position = /at position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
    const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    return {
      path: '$',
      message: `It is not JSON from ${where} on: ${message.replace(/ in JSON at position.*/s, '')}.`,
    };
  }
}
