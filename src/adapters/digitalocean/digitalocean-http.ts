import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import type { NodeProviderFailure } from "~/ports/node-provider";
import { askJson, type JsonRequest } from "../json-http/json-http";
import { readAnswer } from "../json-http/provider-failure";
import { Paging } from "./digitalocean-shapes";

export type DigitalOceanAccount = {
  /** Without `/v2`. */
  baseUrl: string;
  /** May read and write account keys, volumes, droplets and tags. */
  token: string;
  /** For one call, in milliseconds. */
  timeoutMs: number;
};

type Answered<T> = Promise<Result<T, NodeProviderFailure>>;

export type DigitalOceanHttp = {
  call<T>(method: JsonRequest["method"], path: string, shape: z.ZodType<T>, body?: unknown): Answered<T>;
  /** Every page of a list, joined by `join`. */
  list<T>(path: string, query: Record<string, string>, shape: z.ZodType<T>): Answered<T[]>;
  /** What is gone already is fine. */
  delete(path: string): Answered<null>;
};

const WHO = "DigitalOcean";
/** The most that the API gives. */
const PER_PAGE = 200;
/** What is listed here is narrowed to one name: more is a fault of the other side. */
const MAX_PAGES = 20;

/** The one door to DigitalOcean's API. */
export function digitaloceanHttp({ baseUrl, token, timeoutMs }: DigitalOceanAccount, clock: Clock): DigitalOceanHttp {
  const root = `${baseUrl.replace(/\/+$/, "")}/v2`;
  const headers = { Authorization: `Bearer ${token}` };

  async function call<T>(method: JsonRequest["method"], path: string, shape: z.ZodType<T>, body?: unknown) {
    const reply = await askJson({ method, url: `${root}${path}`, headers, body, timeoutMs });
    return readAnswer({ who: WHO, reply, now: clock.now() }, shape);
  }

  return {
    call,

    async list<T>(path: string, query: Record<string, string>, shape: z.ZodType<T>): Answered<T[]> {
      const pages: T[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const asked = new URLSearchParams({ ...query, per_page: String(PER_PAGE), page: String(page) });
        const answer = await call("GET", `${path}?${asked}`, z.intersection(shape, Paging));
        if (!answer.ok) return answer;
        pages.push(answer.value);
        // Counted, not followed: the token goes nowhere that an answer names.
        if (!answer.value.links?.pages?.next) return ok(pages);
      }
      return err({ code: "providerRefused", detail: `${WHO} lists more than ${MAX_PAGES} pages of ${path}` });
    },

    async delete(path) {
      const answer = await call("DELETE", path, z.unknown());
      return answer.ok || answer.error.code === "providerNotFound" ? ok(null) : answer;
    },
  };
}
