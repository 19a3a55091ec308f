"use client";

import { useDeferredValue, useMemo } from "react";
import remend from "remend";
import { CopyButton } from "~/ui/controls/copy-button";
import { Notice } from "~/ui/controls/notice";
import { texts } from "~/ui/texts";
import styles from "./answer.module.css";
import { SafeMarkdown } from "./safe-markdown";

const t = texts.job;

/** The finished answer. */
export function Answer({ text, truncated }: { text: string; truncated: boolean }) {
  return (
    <section className={styles.answer} aria-labelledby="answer-heading">
      <h2 id="answer-heading" tabIndex={-1} data-takes-focus>
        {t.answerHeading}
      </h2>
      <SafeMarkdown text={text} />
      {truncated && <Notice look="calm">{t.truncated}</Notice>}
      <div className={styles.actions}>
        <CopyButton look="quiet" text={() => text}>
          {t.copyAnswer}
        </CopyButton>
      </div>
    </section>
  );
}

/**
 * The answer as far as it has come. What is still open (`**bold`, a link, a fence) is closed for show, so that nothing
 * jumps from one meaning to another; and drawing it may lag behind, so that the page stays quick to the touch.
 */
export function AnswerDraft({ text }: { text: string }) {
  const shown = useDeferredValue(text);
  const whole = useMemo(() => remend(shown, { linkMode: "text-only", katex: false }), [shown]);
  return (
    <section className={styles.answer} aria-labelledby="answer-heading" aria-busy="true">
      <h2 id="answer-heading">{t.answerHeading}</h2>
      <SafeMarkdown text={whole} />
      <p className={styles.writing}>
        <span className={styles.quill} aria-hidden="true" />
        {t.executing.writing}
      </p>
    </section>
  );
}
