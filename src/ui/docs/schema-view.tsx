import { InCode } from "~/ui/controls/in-code";
import { docsTexts } from "~/ui/texts/docs";
import { type ApiDescription, resolved, type Schema } from "./openapi-document";
import styles from "./schema-view.module.css";

const t = docsTexts;
type Props = { schema: Schema; schemas: ApiDescription["schemas"]; depth?: number };

/** Schemas are nested, but none this deep. */
const DEEPEST = 6;

/** A schema as nested lists of fields. */
export function SchemaView({ schema: given, schemas, depth = 0 }: Props) {
  const { schema } = resolved(given, schemas);
  if (depth > DEEPEST) return null;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    return (
      <ul className={styles.choices}>
        {choices.map((choice, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the choices of a schema have no names and never move
          <li key={at}>
            {at > 0 && <p className={styles.or}>{t.or}</p>}
            <SchemaView schema={choice} schemas={schemas} depth={depth + 1} />
          </li>
        ))}
      </ul>
    );
  }
  if (schema.items) {
    return (
      <>
        <p className={styles.type}>{t.listOf}</p>
        <SchemaView schema={schema.items} schemas={schemas} depth={depth + 1} />
      </>
    );
  }
  if (!schema.properties) return <p className={styles.type}>{typeWords(schema)}</p>;
  return (
    <dl className={styles.fields}>
      {Object.entries(schema.properties).map(([name, field]) => {
        const meant = resolved(field, schemas).schema;
        const nested = meant.properties ?? meant.items ?? meant.anyOf ?? meant.oneOf;
        return (
          <div key={name}>
            <dt>
              <code>{name}</code> <span className={styles.type}>{typeWords(meant)}</span>{" "}
              {!schema.required?.includes(name) && <span className={styles.type}>{t.optional}</span>}
            </dt>
            <dd>
              {(field.description ?? meant.description) && (
                <p>
                  <InCode>{field.description ?? meant.description ?? ""}</InCode>
                </p>
              )}
              {nested && <SchemaView schema={field} schemas={schemas} depth={depth + 1} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function typeWords({ type, format, enum: choices, const: only, anyOf, oneOf, ...limits }: Schema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  if (anyOf ?? oneOf) return t.oneOfThese;
  const words = [type].flat().filter(Boolean).join(" | ") || t.anything;
  const { minimum, maximum, minLength, maxLength } = limits;
  const within = [
    minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && `≥ ${minimum}`,
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `≤ ${maximum}`,
    minLength !== undefined && t.atLeast(minLength),
    maxLength !== undefined && t.atMost(maxLength),
  ].filter(Boolean);
  return [format ? `${words} (${format})` : words, ...within].join(", ");
}
