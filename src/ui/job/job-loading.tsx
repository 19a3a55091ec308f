import styles from "./job-loading.module.css";

/** A skeleton of the page while the job is fetched: the same places, so that nothing jumps. */
export function JobLoading() {
  return (
    <div className={styles.loading} aria-hidden="true">
      <div className={styles.path}>
        {["a", "b", "c", "d", "e"].map((key) => (
          <span key={key} />
        ))}
      </div>
      <div className={styles.columns}>
        <div />
        <div />
      </div>
    </div>
  );
}
