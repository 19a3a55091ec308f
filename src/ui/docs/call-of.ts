import { exampleOf, type Operation } from "./openapi-document";

/** What somebody filled in. */
export type Given = { parameters: Readonly<Record<string, string>>; body: string };
export type Call = { method: string; url: string; headers: Readonly<Record<string, string>>; body: string | null };

/** The examples of the description, to begin with. What identifies an order is left empty: nobody has the example's. */
export function startOf({ parameters, requestBody }: Operation): Given {
  const filled = parameters.flatMap(({ name, in: place, example }) =>
    place === "query" && typeof example === "string" ? [[name, example] as const] : [],
  );
  const example = exampleOf(requestBody?.content);
  return {
    parameters: Object.fromEntries(filled),
    body: requestBody ? JSON.stringify(example ?? {}, null, 2) : "",
  };
}

/** The call as filled in. Empty fields are not sent, except those of the path. */
export function callOf(operation: Operation, given: Given): Call {
  const filled = (place: string) =>
    operation.parameters.flatMap(({ name, in: where }) => {
      const value = given.parameters[name]?.trim() ?? "";
      return where === place && value !== "" ? [[name, value] as const] : [];
    });
  const path = operation.path.replace(/\{(\w+)\}/g, (whole, name: string) =>
    encodeURIComponent(given.parameters[name]?.trim() || whole),
  );
  const query = new URLSearchParams(filled("query").map(([name, value]) => [name, value])).toString();
  const body = operation.requestBody ? given.body : null;
  return {
    method: operation.method,
    url: query === "" ? path : `${path}?${query}`,
    headers: { ...Object.fromEntries(filled("header")), ...(body !== null && { "Content-Type": "application/json" }) },
    body,
  };
}

/** The same for a shell. */
export function curlOf({ method, url, headers, body }: Call, origin: string): string {
  const parts = [
    `curl -X ${method} ${quoted(origin + url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return parts.join(" \\\n  ");
}

/** Whatever stands between single quotes is text to a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
