import assert from "node:assert/strict";
import { panelsOf, type Dashboard, type Panel } from "./dashboard-json.ts";
import { distributedProduct } from "./distributed.ts";
import { exceptions, type Exception } from "./lint-exceptions.ts";
import { lint, type Finding } from "./lint.ts";
import { isExported, productOf, settingsOf } from "./product.ts";

const typed = productOf(settingsOf("dev")).dashboards.filter((dashboard) => !isExported(dashboard));
const findings = typed.flatMap(lint);

const covers = ({ rule, place }: Exception, finding: Finding): boolean =>
  rule === finding.rule && (place === undefined || place === finding.place);

describe("the rules of dashboard-linter", () => {
  it("are kept by our dashboards, but for the exceptions", () =>
    assert.deepEqual(
      findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding))),
      [],
    ));

  it("are kept where Tempo is distributed", () =>
    assert.deepEqual(
      distributedProduct()
        .dashboards.filter((dashboard) => !isExported(dashboard))
        .flatMap(lint)
        .filter((finding) => !exceptions.some((exception) => covers(exception, finding))),
      [],
    ));

  for (const exception of exceptions) {
    it(`need the exception ${exception.rule}${exception.place ? ` at ${exception.place}` : ""}`, () =>
      assert.ok(findings.some((finding) => covers(exception, finding))));
  }

  const firstPanel = (dashboard: Dashboard): Panel =>
    panelsOf(dashboard).find(({ panel }) => panel.title === "Request Rate")!.panel;
  const variable = (dashboard: Dashboard, name: string) =>
    dashboard.templating!.list!.find((one) => one.name === name)!;

  const breaches: readonly { rule: string; what: string; change: (dashboard: Dashboard) => void }[] = [
    {
      rule: "template-datasource",
      what: "a data source variable of another name",
      change: (dashboard) => (variable(dashboard, "tempo_datasource").name = "datasource"),
    },
    {
      rule: "template-datasource",
      what: "a data source variable with another label",
      change: (dashboard) => (variable(dashboard, "tempo_datasource").label = "Traces"),
    },
    {
      rule: "template-datasource",
      what: "no data source variable",
      change: (dashboard) => (dashboard.templating!.list!.length = 0),
    },
    {
      rule: "template-on-time-change-reload",
      what: "a variable that is read once",
      change: (dashboard) =>
        dashboard.templating!.list!.push({
          name: "model",
          type: "query",
          query: "label_values(x, y)",
          refresh: 1,
        }),
    },
    {
      rule: "panel-datasource",
      what: "a fixed data source",
      change: (dashboard) => (firstPanel(dashboard).datasource!.uid = "prometheus"),
    },
    {
      rule: "panel-title-description",
      what: "no description",
      change: (dashboard) => delete firstPanel(dashboard).description,
    },
    {
      rule: "panel-title-description",
      what: "no title",
      change: (dashboard) => (firstPanel(dashboard).title = ""),
    },
    {
      rule: "panel-units",
      what: "no unit",
      change: (dashboard) => delete firstPanel(dashboard).fieldConfig!.defaults!.unit,
    },
    {
      rule: "panel-units",
      what: "a unit that Grafana does not know",
      change: (dashboard) => (firstPanel(dashboard).fieldConfig!.defaults!.unit = "seconds"),
    },
    {
      rule: "panel-no-targets",
      what: "no query",
      change: (dashboard) => (firstPanel(dashboard).targets = []),
    },
    {
      rule: "uneditable-dashboard",
      what: "a dashboard that can be edited",
      change: (dashboard) => Object.assign(dashboard, { editable: true }),
    },
  ];
  for (const { rule, what, change } of breaches) {
    it(`refuse ${what} (${rule})`, () => {
      const changed = structuredClone(typed[0]!);
      change(changed);
      const made = lint(changed).filter(
        (finding) => finding.rule === rule && !exceptions.some((exception) => covers(exception, finding)),
      );
      assert.ok(made.length > 0);
    });
  }
});
