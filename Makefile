# The front door: `make` lists what there is.

ENV ?= dev
BASE ?= main

# With a Node that runs TypeScript as it is; the machine's own when it is new enough.
node = tools/with-node node

export NODE_COMPILE_CACHE := $(CURDIR)/.tools/compile-cache
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help unit up demo down test e2e audit render diff docs bench lint format clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9_-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: node_modules ## Render and check ENV (dev), then deploy it: to the sandbox (MODE=distributed: Tempo by its roles), or to the cluster of CONTEXT=<name> (YES=1: do not ask)
	@$(node) cli/up.ts --environment "$(ENV)" $(if $(CONTEXT),--context "$(CONTEXT)") $(if $(MODE),--mode "$(MODE)") $(if $(YES),--yes)

demo: node_modules ## Send a few minutes of chats to the sandbox (LIVE=1: of the real applications), and print what every panel shows, and the alerts that this raises
	@$(node) cli/demo.ts --environment "$(ENV)" $(if $(LIVE),--live)

down: node_modules ## Stop the sandbox; what it holds stays on disk
	@$(node) cli/down.ts

test: node_modules ## Lint, type check and test; no cluster, about three minutes on two cores
	@$(MAKE) -j2 lint unit

unit: node_modules
	@npm run --silent test

e2e: node_modules ## Test the stack end to end on a sandbox of its own
	@npm run --silent e2e

audit: node_modules ## Have rendered/ judged by the policies, kube-score, kubeconform and checkov, and print what they found
	@$(node) cli/audit.ts

render: node_modules ## Write the manifests of every environment to rendered/
	@$(node) cli/render.ts

diff: node_modules ## Tell what rendered/ changes for each environment, beside that of BASE (main)
	@$(node) cli/diff.ts --base "$(BASE)"

docs: node_modules ## Write the generated documents: docs/settings.md, settings.schema.json, Pulumi.yaml
	@$(node) cli/docs.ts

bench: node_modules ## Measure rendering, the engine, what the collector and the roles of Tempo cost, and Tempo and Prometheus under load: about 15 minutes on two cores
	@$(node) cli/bench.ts

lint: node_modules ## Lint, check formatting and types
	@npm run --silent lint

format: node_modules ## Format every file
	@npm run --silent format

clean: node_modules ## Stop the sandbox and forget what it holds
	@$(node) cli/down.ts
	@rm -rf .sandbox
	@echo "Removed .sandbox. Kept: .tools (built programs), node_modules."

node_modules: package.json package-lock.json
	@echo "Installing dependencies (usually 15 s)"
	@tools/with-node npm ci --silent --no-audit --no-fund
	@touch node_modules
