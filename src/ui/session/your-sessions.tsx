"use client";

import { useState } from "react";
import { Button } from "~/ui/controls/button";
import { useKnownSessions } from "~/ui/known-sessions/use-known-sessions";
import { texts } from "~/ui/texts";
import { sessionTexts } from "~/ui/texts/sessions";
import { SessionRow } from "./session-row";
import styles from "./sessions-page.module.css";

const t = sessionTexts.list;
/** Each row asks the server for its state. */
const ROWS_AT_ONCE = 8;

export function YourSessions() {
  const sessions = useKnownSessions();
  const [rows, setRows] = useState(ROWS_AT_ONCE);
  const hidden = sessions.length - rows;
  return (
    <section className={styles.list} aria-labelledby="your-sessions">
      <h2 id="your-sessions">{t.heading}</h2>
      {sessions.length === 0 ? (
        <p className={styles.empty}>{t.empty}</p>
      ) : (
        <ul>
          {sessions.slice(0, rows).map((session) => (
            <SessionRow key={session.sessionId} session={session} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button look="quiet" onClick={() => setRows(rows + ROWS_AT_ONCE)}>
          {texts.start.jobsMore(Math.min(hidden, ROWS_AT_ONCE))}
        </Button>
      )}
    </section>
  );
}
