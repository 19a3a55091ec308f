"use client";

import { useSimulated } from "~/ui/api/use-simulated";
import { texts } from "~/ui/texts";
import styles from "./rehearsal-note.module.css";

const t = texts.start;

/** Says plainly what is simulated here, and how to see every outcome. Renders nothing where everything is real. */
export function RehearsalNote({ onPick }: { onPick: (mark: string) => void }) {
  const { wallet, agent } = useSimulated();
  if (!wallet && !agent) return null;
  return (
    <section className={styles.note} aria-labelledby="rehearsal">
      <h3 id="rehearsal">{t.playHeading}</h3>
      <p>
        {wallet && `${t.playMoney} `}
        {agent && t.playAgent}
      </p>
      {agent && (
        <details>
          <summary>{t.playMarks}</summary>
          <ul>
            {t.marks.map(({ mark, shows }) => (
              <li key={mark}>
                <button type="button" aria-label={t.addMark(mark)} onClick={() => onPick(mark)}>
                  {mark}
                </button>
                <span>{shows}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
