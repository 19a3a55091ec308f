import { texts } from "~/ui/texts";
import type { LogLine } from "./room-state";
import styles from "./speech-bubble.module.css";

const t = texts.room;

/** What was last said by those of the house. `quiet`: read out elsewhere. */
export function SpeechBubble({ line, thinking, quiet }: { line: LogLine | null; thinking: boolean; quiet: boolean }) {
  const name = line === null || line.agentId === "visitor" ? t.helpers.names.timmy : t.helpers.names[line.agentId];
  const speaker = thinking ? t.helpers.names.timmy : name;
  return (
    <div className={styles.bubble} role="status" aria-live={quiet ? "off" : "polite"} data-testid="bubble">
      <p className={styles.name}>{speaker}</p>
      {thinking ? (
        <p className={styles.dots}>
          <span className="for-screen-readers">{t.thinking}</span>
          <i aria-hidden="true" />
          <i aria-hidden="true" />
          <i aria-hidden="true" />
        </p>
      ) : (
        <p key={line?.key} className={styles.text}>
          {line?.text ?? t.greeting}
        </p>
      )}
    </div>
  );
}
