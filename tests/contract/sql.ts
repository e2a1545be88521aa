/** What is wrong with a query for logs. */
export function checkSql(text: string, { stream, foundId }: { stream: string; foundId: boolean }): string[] {
  const from = /\bFROM\s+"([^"]*)"/i.exec(text)?.[1];
  const problems = from === stream ? [] : [`reads the stream ${from ?? "(none)"}; logs are in ${stream}`];
  const condition = /\btrace_id\s*(=|LIKE)\s*'(%?)/i.exec(text);
  if (!condition) return [...problems, "asks for no trace_id"];
  const [, operator, wildcard] = condition;
  return foundId && !(operator!.toUpperCase() === "LIKE" && wildcard === "%")
    ? [...problems, "searches drop leading zeros of trace ids: match the end, trace_id LIKE '%…'"]
    : problems;
}
