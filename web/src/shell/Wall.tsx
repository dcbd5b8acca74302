/** The wall screen: one page after the other, large, without anything to click. */
export function Wall() {
  return null;
}
