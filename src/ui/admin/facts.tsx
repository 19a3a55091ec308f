import type { ReactNode } from "react";
import { LocalTime } from "~/ui/controls/local-time";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";

/** A part of the room, with a heading of its own. */
export function Part({ id, heading, children }: { id: string; heading: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className={styles.part}>
      <h2 id={id}>{heading}</h2>
      {children}
    </section>
  );
}

/** Names and values. */
export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export const When = ({ iso }: { iso: string | null }) => (iso === null ? adminTexts.never : <LocalTime iso={iso} />);
