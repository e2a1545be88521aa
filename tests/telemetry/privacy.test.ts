import assert from "node:assert/strict";
import {
  boundingRules,
  guardedNamespaces,
  kept,
  privacyModes,
  privacyRules,
  privacyTable,
  ruleOf,
} from "../../telemetry/privacy.ts";
import {
  recordedCases,
  recordedOf,
  recording,
  type Recorded,
  type RecordedSpan,
} from "../../traffic/recorded.ts";

const services = { openWebui: "open-webui", litellm: "litellm" };

const textOf = (rules: ReturnType<typeof privacyRules>): string => JSON.stringify(rules);

const isDelete = (statement: string): boolean => statement.startsWith("delete_matching_keys(");

describe("privacy", () => {
  it("has a rule for every attribute that was ever recorded, or keeps it by name", () => {
    const names = new Set(spans().flatMap((span) => [span, ...span.events].flatMap(namesOf)));
    assert.ok(names.size > 100, String(names.size));
    const unruled = [...names].filter((name) => !kept.includes(name) && ruleOf(name) === undefined);
    // Nobody knows these, so that they are deleted; all are of tracing v1.
    assert.deepEqual(
      unruled.filter((name) => !name.startsWith("metadata.")),
      [],
    );
  });

  it("keeps nothing that a rule takes", () => {
    assert.deepEqual(
      kept.filter((name) => ruleOf(name) !== undefined),
      [],
    );
  });

  it("knows none but plain names: a known name is compared, not matched", () => {
    assert.deepEqual(
      kept.filter((name) => !/^[a-z_][\w.]*$/.test(name)),
      [],
    );
  });

  for (const mode of privacyModes.filter((each) => each !== "off")) {
    describe(mode, () => {
      const rules = privacyRules({ mode, services });
      const guard = rules.change.traces.find(({ context }) => context === "span")!.statements;
      const deleted = new RegExp(
        JSON.parse(
          /delete_matching_keys\(span\.attributes, (".*")\)$/
            .exec(guard.find(isDelete)!)![1]!
            .replaceAll("$$", "$"),
        ) as string,
      );

      it("deletes an attribute of GenAI's or LiteLLM's that nobody knows yet", () => {
        for (const namespace of guardedNamespaces) assert.match(`${namespace}.invented`, deleted);
        assert.ok(!kept.includes("gen_ai.invented"));
      });

      it("deletes what the table deletes, and no more of other names", () => {
        for (const name of privacyTable.flatMap(({ attributes }) => attributes)) {
          assert.match(name.replaceAll("*", "x"), deleted);
        }
        for (const name of ["http.route", "server.address", "myapp.tenant", "errors", "usage"])
          assert.doesNotMatch(name, deleted);
      });

      it("empties the status message, and drops events of content", () => {
        assert.ok(guard.includes('set(span.status.message, "")'));
        assert.match(JSON.stringify(rules.drop.traces), /spanevent\.name, .*gen_ai/);
      });

      it("guards resources, scopes, spans, events and log records alike", () => {
        for (const list of [rules.change.traces, rules.change.logs]) {
          for (const { context, statements } of list) {
            assert.ok(
              statements.some((each) => each.startsWith(`delete_matching_keys(${context}.attributes`)),
              context,
            );
          }
        }
      });
    });
  }

  it("has the salt in no mode but identities, which hashes every id before it is looked at", () => {
    assert.doesNotMatch(textOf(privacyRules({ mode: "strict", services })), /SHA256|PRIVACY_SALT/);
    const { statements } = privacyRules({ mode: "identities", services }).change.traces.find(
      ({ context }) => context === "span",
    )!;
    const ids = privacyTable.filter(({ rule }) => rule === "hash").flatMap(({ attributes }) => attributes);
    const hashes = statements.slice(0, 2 * ids.length);
    const ofId = ['SHA256(Concat(["${env:PRIVACY_SALT}"', 'and Len("${env:PRIVACY_SALT}") < 16'];
    assert.deepEqual(
      ids.filter((id, index) =>
        ofId.some((part, second) => {
          const statement = hashes[2 * index + second]!;
          return (
            !statement.startsWith(`set(span.attributes[${JSON.stringify(id)}], `) || !statement.includes(part)
          );
        }),
      ),
      [],
    );
  });

  it("does nothing when off, but for what the table keeps in no mode", () => {
    assert.deepEqual(privacyRules({ mode: "off", services }), {
      drop: { traces: [], logs: [] },
      change: { traces: [], logs: [] },
    });
    const { change } = boundingRules({ services });
    for (const list of [change.traces, change.logs]) {
      const [statement] = list.find(({ context }) => context === "resource")!.statements;
      const literal = /^delete_matching_keys\(resource\.attributes, (".*")\)$/.exec(statement!)![1]!;
      const deleted = new RegExp((JSON.parse(literal) as string).replaceAll("$$", "$"));
      for (const name of ["process.command_args", "process.pid", "host.name"]) assert.match(name, deleted);
      for (const name of ["service.name", "net.host.name", "hostess"]) assert.doesNotMatch(name, deleted);
    }
  });

  it("finds applications by the names that the settings give them", () => {
    const renamed = { openWebui: 'ow"$x', litellm: "gateway" };
    const text =
      textOf(boundingRules({ services: renamed })) +
      textOf(privacyRules({ mode: "strict", services: renamed }));
    assert.doesNotMatch(text, /\\"(open-webui|litellm)\\"[^,\]]/);
    assert.ok(text.includes(JSON.stringify(JSON.stringify('ow"$$x')).slice(1, -1)));
  });
});

const spans = (): RecordedSpan[] =>
  (Object.keys(recordedOf) as Recorded[]).flatMap((application) =>
    recordedCases(application).flatMap((name) => recording(application, name).spans),
  );

const namesOf = ({ attributes }: Pick<RecordedSpan, "attributes">): string[] => Object.keys(attributes);
