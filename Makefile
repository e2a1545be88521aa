# The front door: `make` lists what there is.

ENV ?= dev
BASE ?= main

# A Node that runs TypeScript as it is; the machine's own when it is new enough.
node = PATH="$$(tools/node):$$PATH" || exit 1; export PATH;

export NODE_COMPILE_CACHE := $(CURDIR)/.tools/compile-cache
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help unit up demo down test e2e render diff docs bench lint format clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9_-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: node_modules ## Render and check ENV (dev), then deploy it: to the sandbox, or to the cluster of CONTEXT=<name> (YES=1: do not ask)
	@$(node) node cli/up.ts --environment "$(ENV)" $(if $(CONTEXT),--context "$(CONTEXT)") $(if $(YES),--yes)

demo: node_modules ## Send a few minutes of chats to the sandbox (LIVE=1: of the real applications), and print what every panel shows
	@$(node) node cli/demo.ts --environment "$(ENV)" $(if $(LIVE),--live)

down: node_modules ## Stop the sandbox; what it holds stays on disk
	@$(node) node cli/down.ts

test: node_modules ## Lint, type check and test; no cluster, under a minute
	@$(MAKE) -j2 lint unit

unit: node_modules
	@$(node) npm run --silent test

e2e: node_modules ## Test the stack end to end on a sandbox of its own
	@$(node) npm run --silent e2e

render: node_modules ## Write the manifests of every environment to rendered/
	@$(node) node cli/render.ts

diff: node_modules ## Tell what rendered/ changes for each environment, beside that of BASE (main)
	@$(node) node cli/diff.ts --base "$(BASE)"

docs: node_modules ## Write the generated documents: docs/settings.md, settings.schema.json, Pulumi.yaml
	@$(node) node cli/docs.ts

bench: node_modules ## Measure rendering and the engine
	@$(node) node cli/bench.ts

lint: node_modules ## Lint, check formatting and types
	@$(node) npm run --silent lint

format: node_modules ## Format every file
	@$(node) npm run --silent format

clean: node_modules ## Stop the sandbox and forget what it holds
	@$(node) node cli/down.ts
	@rm -rf .sandbox
	@echo "Removed .sandbox. Kept: .tools (built programs), node_modules."

node_modules: package.json package-lock.json
	@$(node) echo "Installing dependencies (usually 15 s)"; npm ci --silent --no-audit --no-fund
	@touch node_modules
