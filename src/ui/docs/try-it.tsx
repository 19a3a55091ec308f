"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "~/ui/controls/button";
import { CopyButton } from "~/ui/controls/copy-button";
import { Notice } from "~/ui/controls/notice";
import { docsTexts } from "~/ui/texts/docs";
import { type Call, callOf, curlOf, type Given, startOf } from "./call-of";
import type { Operation } from "./openapi-document";
import styles from "./try-it.module.css";

const t = docsTexts;
type Reply = { status: number; headers: readonly (readonly [string, string])[]; body: string };

/** The headers of an answer that are worth showing to a person. */
const TELLING = ["content-type", "location", "retry-after", "allow", "www-authenticate", "idempotency-replayed"];

/** Sends a real call to this very server, and shows what came back. */
export function TryIt({ operation }: { operation: Operation }) {
  const [given, setGiven] = useState<Given>(() => startOf(operation));
  const [reply, setReply] = useState<Reply | "sending" | "failed" | null>(null);
  const id = useId();
  const call = callOf(operation, given);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (reply === "sending") return;
    setReply("sending");
    setReply(await ask(call).catch(() => "failed" as const));
  };

  return (
    <form className={styles.form} onSubmit={send} aria-labelledby={`${id}-heading`}>
      <h3 id={`${id}-heading`}>{t.tryHeading}</h3>
      {operation.parameters.map(({ name, required }) => (
        <label key={name} className={styles.field}>
          <span>
            <code>{name}</code> {!required && <small>{t.optional}</small>}
          </span>
          <input
            value={given.parameters[name] ?? ""}
            onChange={(event) =>
              setGiven({ ...given, parameters: { ...given.parameters, [name]: event.target.value } })
            }
            autoComplete="off"
            spellCheck={false}
          />
        </label>
      ))}
      {operation.requestBody && (
        <div className={styles.field}>
          <label htmlFor={`${id}-body`}>{t.body}</label>
          <textarea
            id={`${id}-body`}
            rows={Math.min(12, given.body.split("\n").length + 1)}
            value={given.body}
            onChange={(event) => setGiven({ ...given, body: event.target.value })}
            spellCheck={false}
          />
        </div>
      )}
      <div className={styles.actions}>
        <Button type="submit" busy={reply === "sending"}>
          {reply === "sending" ? t.sending : t.send}
        </Button>
        <CopyButton look="quiet" text={() => curlOf(call, window.location.origin)}>
          {t.copyCurl}
        </CopyButton>
      </div>
      <div role="status" className={styles.reply}>
        {reply === "failed" && <Notice look="rue">{t.unreached}</Notice>}
        {reply !== null && typeof reply === "object" && (
          <>
            <p>
              {t.answered} <strong className="amount">{reply.status}</strong>
            </p>
            <dl className={styles.headers}>
              {reply.headers.map(([name, value]) => (
                <div key={name}>
                  <dt>
                    <code>{name}</code>
                  </dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            <pre className={styles.code}>{reply.body}</pre>
          </>
        )}
      </div>
    </form>
  );
}

/** Redirects are shown, not followed: they lead to pages. */
async function ask({ method, url, headers, body }: Call): Promise<Reply> {
  const answer = await fetch(url, { method, headers, redirect: "manual", ...(body !== null && { body }) });
  const text = await answer.text();
  return {
    status: answer.type === "opaqueredirect" ? 302 : answer.status,
    headers: TELLING.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
    body: pretty(text),
  };
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
