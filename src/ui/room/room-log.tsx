"use client";

import { useEffect, useRef } from "react";
import { LocalTime } from "~/ui/controls/local-time";
import { texts } from "~/ui/texts";
import styles from "./room-log.module.css";
import type { LogLine } from "./room-state";

const t = texts.room;

/** All that was said, newest last; what links there are stay words. */
export function RoomLog({ lines, open }: { lines: readonly LogLine[]; open: boolean }) {
  const end = useRef<HTMLLIElement>(null);
  const newest = lines.at(-1)?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what moves it
  useEffect(() => {
    if (open) end.current?.scrollIntoView({ block: "nearest" });
  }, [open, newest]);
  return (
    <section aria-labelledby="log-heading" className={styles.place}>
      <h2 id="log-heading" className={styles.heading}>
        {t.log.heading}
      </h2>
      {lines.length === 0 && <p className={styles.empty}>{t.log.empty}</p>}
      {/* Read out as it grows, while it is the tab in view. */}
      <div role="log" aria-live={open ? "polite" : "off"} aria-labelledby="log-heading">
        <ol className={styles.lines}>
          {lines.map((line) => (
            <li key={line.key} className={styles.line} data-agent={line.agentId} data-mine={line.mine}>
              <p className={styles.who}>
                <b>{whoOf(line)}</b>
                <span className={styles.when}>
                  {line.alone && <>{t.log.onlyYou} · </>}
                  <LocalTime iso={line.at} />
                </span>
              </p>
              <p className={styles.text}>{line.text}</p>
            </li>
          ))}
          <li ref={end} aria-hidden="true" />
        </ol>
      </div>
    </section>
  );
}

function whoOf({ agentId, mine }: LogLine): string {
  if (agentId !== "visitor") return t.helpers.names[agentId];
  return mine ? t.log.you : t.log.visitor;
}
