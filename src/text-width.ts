/** How wide texts are, in characters of one width: on a terminal, and in the cells of a file. */

/** How many columns a line of text takes: two for each wide character, none for a mark that sits on another. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

const graphemes = new Intl.Segmenter();
const wide =
  /^(\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;
const weightless = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

function widthOf(grapheme: string): number {
  if (weightless.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}
