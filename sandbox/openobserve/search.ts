import type { Hit } from "./records.ts";

/** A search that OpenObserve would refuse, with the code that its plugin for Grafana knows. */
export class SearchError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A search by SQL; times are microseconds since 1970. */
export interface Search {
  readonly sql: string;
  readonly start_time: number;
  readonly end_time: number;
  readonly size: number;
}

/**
 * Answers the queries that this stack asks, and no others: fields of one stream, by conditions joined with AND, in the order of
 * time. As OpenObserve does, it refuses a field that no record of the stream has.
 *
 * @throws SearchError when it is none of these
 */
export function search(streams: ReadonlyMap<string, readonly Hit[]>, search: Search): Hit[] {
  const { sql, start_time: start, end_time: end, size } = search;
  const query =
    /^SELECT (?<fields>\*|\w+(?:, \w+)*) FROM "(?<stream>\w+)" WHERE (?<where>.+) ORDER BY _timestamp$/.exec(
      sql,
    )?.groups;
  if (!query) throw new SearchError(20001, `Search SQL not valid: ${sql}`);
  const records = streams.get(query["stream"]!);
  if (!records) throw new SearchError(20002, `Search stream not found: ${query["stream"]}`);
  const fields = query["fields"] === "*" ? undefined : query["fields"]!.split(", ");
  const conditions = query["where"]!.split(" AND ").map(conditionOf);
  for (const field of [...(fields ?? []), ...conditions.flatMap((condition) => condition.field ?? [])]) {
    if (!records.some((record) => field in record)) {
      throw new SearchError(20004, `Search field not found: ${field}`);
    }
  }
  return records
    .filter(({ _timestamp: time }) => Number(time) >= start && Number(time) < end)
    .filter((record) => conditions.every(({ holds }) => holds(record)))
    .toSorted((a, b) => Number(a["_timestamp"]) - Number(b["_timestamp"]))
    .slice(0, size)
    .map((record) =>
      fields ? Object.fromEntries(fields.map((field) => [field, record[field] ?? ""])) : record,
    );
}

interface Condition {
  readonly field?: string;
  readonly holds: (record: Hit) => boolean;
}

function conditionOf(text: string): Condition {
  const equals = /^(\w+) = '([^'%]*)'$/.exec(text);
  if (equals) return { field: equals[1]!, holds: (record) => record[equals[1]!] === equals[2] };
  const ends = /^(\w+) LIKE '%([^'%]*)'$/.exec(text);
  if (ends) return { field: ends[1]!, holds: (record) => String(record[ends[1]!] ?? "").endsWith(ends[2]!) };
  const given = /^'([^'%]*)' <> ''$/.exec(text);
  if (given) return { holds: () => given[1] !== "" };
  throw new SearchError(20001, `Search SQL not valid: ${text}`);
}
