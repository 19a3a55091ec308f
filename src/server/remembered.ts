/** Asks at most once at a time, and keeps an answer for as long as `msFor` says: for what anybody may ask often. */
export function remembered<T>(ask: () => Promise<T>, msFor: (answer: T) => number): () => Promise<T> {
  let asked: Promise<T> | null = null;
  const forget = () => {
    asked = null;
  };
  return () => {
    if (asked) return asked;
    const asking = ask();
    asked = asking;
    asking.then((answer) => setTimeout(forget, msFor(answer)).unref(), forget);
    return asking;
  };
}
