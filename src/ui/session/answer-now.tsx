"use client";

import { useDeferredValue, useMemo } from "react";
import remend from "remend";
import { SafeMarkdown } from "~/ui/answer/safe-markdown";
import { texts } from "~/ui/texts";
import { sessionTexts } from "~/ui/texts/sessions";
import styles from "./request-answer.module.css";
import { RequestOutcome } from "./request-outcome";
import type { Asking } from "./use-asking";

const t = sessionTexts.answer;

/** What was just asked, answered under one's eyes. */
export function AnswerNow({ asking }: { asking: Asking }) {
  const { question, draft, broken, outcome } = asking;
  if (outcome && "problem" in outcome) return null;
  return (
    <section className={styles.now} aria-labelledby="answer-now" aria-busy={outcome === null}>
      <h2 id="answer-now" tabIndex={-1} data-takes-focus>
        {texts.job.answerHeading}
      </h2>
      <p className={styles.question}>
        <span className="for-screen-readers">{t.asked}: </span>
        {question}
      </p>
      {outcome ? (
        <RequestOutcome answer={outcome.answer} />
      ) : (
        <>
          {draft !== "" && <Draft text={draft} />}
          <p className={styles.writing} role="status">
            <span className={styles.quill} aria-hidden="true" />
            {broken ? t.broken : draft === "" ? t.reading : texts.job.executing.writing}
          </p>
        </>
      )}
    </section>
  );
}

/** What is still open in a half-written answer is closed for show, and drawing may lag behind. */
function Draft({ text }: { text: string }) {
  const shown = useDeferredValue(text);
  const whole = useMemo(() => remend(shown, { linkMode: "text-only", katex: false }), [shown]);
  return <SafeMarkdown text={whole} />;
}
