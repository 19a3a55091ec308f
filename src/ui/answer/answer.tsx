"use client";

import { useDeferredValue, useMemo } from "react";
import { CopyButton } from "~/ui/controls/copy-button";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import styles from "./answer.module.css";
import { closedForShow } from "./closed-for-show";
import { SafeMarkdown } from "./safe-markdown";

const t = texts.job;

type Props = { text: string /** There is more to come. */; draft: boolean; truncated: boolean };

/**
 * The answer, even while it is being written. What is still open then (`**bold`, a link, a fence) is closed for show,
 * so that nothing jumps from one meaning to another; and drawing may lag behind, so that the page stays quick to the
 * touch.
 */
export function Answer({ text, draft, truncated }: Props) {
  const shown = useDeferredValue(text);
  const whole = useMemo(() => (draft ? closedForShow(shown) : shown), [draft, shown]);
  return (
    <section className={styles.answer} aria-labelledby="answer-heading" aria-busy={draft}>
      <h2 id="answer-heading" tabIndex={-1} data-takes-focus>
        {t.answerHeading}
      </h2>
      <SafeMarkdown text={whole} />
      {draft && (
        <p className={styles.writing}>
          <span className={styles.quill} aria-hidden="true" />
          {t.executing.writing}
        </p>
      )}
      {truncated && <Notice look="calm">{t.truncated}</Notice>}
      {!draft && (
        <div className={styles.actions}>
          <CopyButton look="quiet" text={() => text}>
            {t.copyAnswer}
          </CopyButton>
        </div>
      )}
    </section>
  );
}
