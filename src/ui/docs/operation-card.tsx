"use client";

import { useEffect, useState } from "react";
import { InCode } from "~/ui/controls/in-code";
import { docsTexts } from "~/ui/texts/docs";
import type { ApiDescription, Operation, Response } from "./openapi-document";
import { exampleOf } from "./openapi-document";
import styles from "./operation-card.module.css";
import { SchemaView } from "./schema-view";
import { TryIt } from "./try-it";

const t = docsTexts;
type Schemas = ApiDescription["schemas"];

/** One endpoint: what it is for at a glance; opened, all that it takes and answers, and a way to try it. */
export function OperationCard({
  operation,
  schemas,
  asked,
}: {
  operation: Operation;
  schemas: Schemas;
  asked: boolean;
}) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (asked) setOpen(true);
  }, [asked]);
  const { operationId, method, path, summary, description, parameters, requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;

  return (
    <article id={operationId} tabIndex={-1} aria-label={`${method} ${path}`} className={styles.card}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className={styles.line}>
            <code className={styles.method}>{method}</code> <code>{path}</code>
          </span>
          <span className={styles.summary}>
            <InCode>{summary}</InCode>
          </span>
        </summary>
        {open && (
          <div className={styles.inside}>
            {description && (
              <p>
                <InCode>{description}</InCode>
              </p>
            )}
            {parameters.length > 0 && (
              <>
                <h3>{t.parameters}</h3>
                <dl className={styles.parameters}>
                  {parameters.map(({ name, in: place, required, description: about }) => (
                    <div key={`${place} ${name}`}>
                      <dt>
                        <code>{name}</code> <small>{t.places[place]}</small> {required && <small>{t.required}</small>}
                      </dt>
                      <dd>{about}</dd>
                    </div>
                  ))}
                </dl>
              </>
            )}
            {body && (
              <>
                <h3>{t.body}</h3>
                <SchemaView schema={body} schemas={schemas} />
              </>
            )}
            <h3>{t.answers}</h3>
            {Object.entries(responses).map(([status, response]) => (
              <Answer key={status} status={status} response={response} schemas={schemas} />
            ))}
            <TryIt operation={operation} />
          </div>
        )}
      </details>
    </article>
  );
}

function Answer({ status, response, schemas }: { status: string; response: Response; schemas: Schemas }) {
  const { description, headers = {}, content = {} } = response;
  const example = exampleOf(content);
  return (
    <details className={styles.answer}>
      <summary>
        <code className={styles.status} data-good={status < "400"}>
          {status}
        </code>{" "}
        {firstLine(description)}
      </summary>
      <div className={styles.answerInside}>
        {description.includes("\n") && <p className={styles.codes}>{description.replaceAll("`", "")}</p>}
        {Object.entries(headers).map(([name, header]) => (
          <p key={name}>
            <code>{name}</code> {header.description}
          </p>
        ))}
        {Object.entries(content).map(([type, { schema }]) => (
          <div key={type}>
            <p>
              <code>{type}</code>
            </p>
            {schema && <SchemaView schema={schema} schemas={schemas} />}
          </div>
        ))}
        {example !== undefined && (
          <>
            <h4>{t.example}</h4>
            <pre className={styles.code}>
              {typeof example === "string" ? example : JSON.stringify(example, null, 2)}
            </pre>
          </>
        )}
      </div>
    </details>
  );
}

const firstLine = (text: string): string => {
  const [line = "", ...more] = text.split("\n").filter(Boolean);
  return more.length > 0 ? t.oneOf(more.length + 1) : line.replaceAll("`", "");
};
