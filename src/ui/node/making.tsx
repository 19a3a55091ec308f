import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { Icon } from "~/ui/controls/icon";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./making.module.css";
import { stepMarks } from "./node-stations";

const t = bootstrapTexts.making;

/** While the node comes up: every step, and what the machine itself says about the current one. */
export function Making({ view }: { view: WatchedBootstrap }) {
  return (
    <section className={styles.making} aria-labelledby="making-heading">
      <h2 id="making-heading" tabIndex={-1} data-takes-focus>
        {t.heading}
      </h2>
      <p className={styles.stage} role="status" data-testid="stage">
        <span className={styles.dot} aria-hidden="true" />
        {view.stage}
      </p>
      <ol className={styles.steps} aria-label={t.stepsLabel}>
        {stepMarks(view.steps).map(({ step, mark }) => (
          <li key={step} data-mark={mark} aria-current={mark === "current" ? "step" : undefined}>
            <span className={styles.mark}>{mark === "done" && <Icon name="tick" size={16} />}</span>
            <span>
              {t.steps[step]}
              <span className="for-screen-readers">: {t.stepWords[mark]}</span>
            </span>
          </li>
        ))}
      </ol>
      <p className={styles.dim}>{t.text}</p>
    </section>
  );
}
