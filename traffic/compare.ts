import { attributes as known } from "../telemetry/attributes.ts";
import {
  recordedCases,
  recording,
  textOf,
  type Recorded,
  type RecordedAttributes,
  type RecordedSpan,
  type RecordedValue,
  type Recording,
} from "./recorded.ts";

/** Attributes whose values say what happened, and on which panels depend. The others differ from run to run. */
const telling = [
  known.httpMethod,
  known.httpStatusCode,
  known.httpRoute,
  known.errorType,
  known.operation,
  known.provider,
  known.requestModel,
  known.callType,
  known.providerModel,
  known.errorProvider,
  known.callRoute,
  known.dbSystem,
  known.deploymentEnvironment,
  known.serviceName,
].map(({ name }) => name);

/** Attributes of which it matters whether they are 0. */
const counted = [known.inputTokens, known.outputTokens, known.costTotal].map(({ name }) => name);

/** Spans of which a case may have any number. */
const anyNumber = /^connect$| http (send|receive)$/;

/** A case of which an application sends something else than is recorded. */
export interface Change {
  readonly name: string;
  /** A sentence for each difference. */
  readonly told: readonly string[];
  /** What it sends now; nothing when there is no such case any more. */
  readonly now?: Recording;
}

/** What an application sends today of all cases, told against its recordings. */
export function changes(application: Recorded, now: readonly Recording[]): Change[] {
  const recorded = recordedCases(application);
  const gone = recorded.filter((name) => !now.some((each) => each.name === name));
  const compared = now.map((each) => ({
    name: each.name,
    told: recorded.includes(each.name)
      ? differences(recording(application, each.name), each)
      : [`${each.name}: is new`],
    now: each,
  }));
  return [
    ...gone.map((name) => ({ name, told: [`${name}: is gone`] })),
    ...compared.filter(({ told }) => told.length > 0),
  ];
}

/**
 * What an application sends today, told against what was recorded: spans by service, kind, name and place in the trace,
 * with their status, their attributes' names and types, and the values on which panels depend.
 *
 * @returns a sentence for each difference; none when there is nothing to tell
 */
export function differences(recorded: Recording, now: Recording): string[] {
  const [before, after] = [groupsOf(recorded.spans), groupsOf(now.spans)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    const [old, fresh] = [before.get(place), after.get(place)];
    const told = !old ? ["is new"] : !fresh ? ["is gone"] : groupChanges(old, fresh);
    return told.map((what) => `${recorded.name}: ${place}: ${what}`);
  });
}

function groupChanges(before: readonly RecordedSpan[], now: readonly RecordedSpan[]): string[] {
  const name = before[0]!.name;
  return [
    ...(anyNumber.test(name) ? [] : changed("number of spans", String(before.length), String(now.length))),
    ...changed("status", statuses(before), statuses(now)),
    ...changedTypes("attribute", typesOf(before, ownAttributes), typesOf(now, ownAttributes)),
    ...changedTypes("resource attribute", typesOf(before, resource), typesOf(now, resource)),
    ...changed("events", eventNames(before), eventNames(now)),
    ...telling.flatMap((key) => changed(key, valuesOf(before, key), valuesOf(now, key))),
    ...counted.flatMap((key) => changed(key, whetherZero(before, key), whetherZero(now, key))),
  ];
}

const changed = (what: string, before: string, now: string): string[] =>
  before === now ? [] : [`${what} was ${before || "not there"}, is ${now || "not there"}`];

function changedTypes(what: string, before: Map<string, string>, now: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [old, fresh] = [before.get(key), now.get(key)];
    if (old === fresh) return [];
    if (old === undefined) return [`${what} ${key} is new (${fresh})`];
    return [fresh === undefined ? `${what} ${key} is gone` : `${what} ${key} was ${old}, is ${fresh}`];
  });
}

/** Spans by service, kind and name, below the same of their parents. */
function groupsOf(spans: readonly RecordedSpan[]): Map<string, RecordedSpan[]> {
  const byId = new Map(spans.map((span) => [span.traceId + span.spanId, span]));
  const placeOf = (span: RecordedSpan): string => {
    const parent = byId.get(span.traceId + span.parentSpanId);
    const own = `${service(span)} ${span.kind} ${withoutPort(span.name)}`;
    return parent ? `${placeOf(parent)} › ${own}` : own;
  };
  return Map.groupBy(spans, placeOf);
}

const service = ({ resource }: RecordedSpan): string => textOf(resource[known.serviceName.name]) ?? "?";

/** Addresses in a name are of the run. */
const withoutPort = (name: string): string => name.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1");

const ownAttributes = ({ attributes }: RecordedSpan): RecordedAttributes => attributes;
const resource = (span: RecordedSpan): RecordedAttributes => span.resource;

const typesOf = (
  spans: readonly RecordedSpan[],
  of: (span: RecordedSpan) => RecordedAttributes,
): Map<string, string> =>
  new Map(
    spans.flatMap((span) => Object.entries(of(span)).map(([key, value]) => [key, typeOf(value)] as const)),
  );

const typeOf = (value: RecordedValue): string => value.type;

const statuses = (spans: readonly RecordedSpan[]): string => list(spans.map(({ status }) => status.code));

const eventNames = (spans: readonly RecordedSpan[]): string =>
  list(spans.flatMap(({ events }) => events.map(({ name }) => name)));

const valuesOf = (spans: readonly RecordedSpan[], key: string): string =>
  list(spans.flatMap((span) => valueOf(span, key) ?? []).map((value) => JSON.stringify(value)));

const whetherZero = (spans: readonly RecordedSpan[], key: string): string =>
  list(spans.flatMap((span) => valueOf(span, key) ?? []).map((value) => (value === 0 ? "0" : "more than 0")));

const valueOf = (span: RecordedSpan, key: string): unknown =>
  (span.attributes[key] ?? span.resource[key])?.value;

const list = (values: readonly string[]): string => [...new Set(values)].sort().join(", ");
