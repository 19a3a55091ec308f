/**
 * Whoever reads what this process prints may go away (`npm start | head`, a terminal that is closed). The broken pipe is
 * then told as an error of the stream, which without a listener would be an uncaught one, which would be printed, …
 */
export function outliveReaders(): void {
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
}
