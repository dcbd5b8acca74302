/** First steps: how an empty tenant gets its first numbers. */
export function FirstSteps() {
  return null;
}
