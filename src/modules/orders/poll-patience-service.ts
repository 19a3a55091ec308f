/** A poll waits no longer than this for the wallet. */
const POLL_PATIENCE_MS = 1500;

/** What a look-up finds, or false where a poll has waited long enough for it; the look-up itself goes on. */
export const withPatience = <T>(lookUp: Promise<T>): Promise<T | false> => Promise.race([lookUp, patience()]);

const patience = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), POLL_PATIENCE_MS).unref());
