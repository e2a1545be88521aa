import { includedAttributes } from "../../telemetry/application-metrics.ts";
import { answering, groups } from "./models.ts";

/** Key of LiteLLM's that may do everything. */
export const masterKey = "sk-of-the-platform-under-test";

/** Where LiteLLM hands requests on as they are. */
export const passThroughPath = "/ext";

/** Where it tries to, and nothing listens. */
export const deadPassThroughPath = "/ext-dead";

/**
 * LiteLLM's configuration, as data for its YAML file: what docs/guide.md asks for, and the models.
 *
 * @param ollama address of the stand-in
 * @param hasEveryAttribute whether its metrics tell users, keys and teams apart, as they do without the list that the guide has
 */
export const litellmConfig = (ollama: string, hasEveryAttribute: boolean): object => ({
  model_list: groups.map(({ name, provider, model, unreachable, parameters }) => ({
    model_name: name,
    litellm_params: {
      model: `${provider}/${model}`,
      // Port 9 is "discard": nothing listens there.
      api_base: unreachable ? "http://127.0.0.1:9" : provider === "openai" ? `${ollama}/v1` : ollama,
      ...(provider === "openai" && { api_key: "none" }),
      ...parameters,
    },
  })),
  litellm_settings: { callbacks: ["otel"] },
  ...(!hasEveryAttribute && {
    callback_settings: { otel: { attributes: { include_list: includedAttributes } } },
  }),
  router_settings: {
    num_retries: 0,
    optional_pre_call_checks: ["enforce_model_rate_limits"],
    fallbacks: [{ "boom-replaced": [answering] }],
    // A deployment that failed would be left out for a while, and the next case would not reach it.
    disable_cooldowns: true,
  },
  general_settings: {
    master_key: masterKey,
    user_header_mappings: [{ header_name: "X-OpenWebUI-User-Id", litellm_user_role: "internal_user" }],
    pass_through_endpoints: [
      { path: passThroughPath, target: `${ollama}/v1/chat/completions`, auth: true },
      { path: deadPassThroughPath, target: "http://127.0.0.1:9", auth: true },
    ],
  },
});
