import { Icon } from "~/ui/controls/icon";
import { texts } from "~/ui/texts";
import styles from "./working.module.css";

const ICONS = { evaluating: "scales", executing: "hammer" } as const;

/** While there is nothing to read yet: who is busy, and with what. */
export function Working({ phase }: { phase: keyof typeof ICONS }) {
  const { heading, text } = texts.job[phase];
  return (
    <section className={styles.working}>
      <span className={styles.ball} aria-hidden="true">
        <Icon name={ICONS[phase]} size={32} />
      </span>
      <div>
        <h2 tabIndex={-1} data-takes-focus>
          {heading}
        </h2>
        <p>{text}</p>
      </div>
    </section>
  );
}
