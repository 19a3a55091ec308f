import { texts } from "~/ui/texts";
import styles from "./connection-state.module.css";
import type { Connection } from "./job-watcher";

/** Whether what is shown is live: a dot and a word, no more, as long as all is well. */
export function ConnectionState({ state, known }: { state: Connection; known: boolean }) {
  return (
    <p className={styles.connection} data-connection={state} role="status">
      <span className={styles.dot} aria-hidden="true" />
      {state === "offline" && !known ? texts.problems.unreached : texts.job.connection[state]}
    </p>
  );
}
