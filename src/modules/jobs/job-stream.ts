const FLUSH_MS = 80;

/**
 * Gathers the small pieces of an answer and keeps them in order, a few times a second, one write at a time: a model
 * that is faster than the database is slowed by nothing but the size of its next piece.
 */
export function answerStream(keep: (text: string) => Promise<void>) {
  let pending = "";
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    timer = null;
    writing = writing.then(async () => {
      if (pending === "") return;
      const text = pending;
      pending = "";
      // A piece that could not be kept is only missing from the live view: the result holds the whole answer.
      await keep(text).catch(() => undefined);
    });
  };

  return {
    push(text: string): void {
      pending += text;
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    async end(): Promise<void> {
      if (timer) clearTimeout(timer);
      flush();
      await writing;
    },
  };
}
