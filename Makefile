# Each target is one script in infra/; see README.md for what they need.
PYTHON ?= python3

.PHONY: run test check bench deploy

run: ## Everything on this machine: local cloud, a marketplace's double, a demo seller
	@$(PYTHON) infra/local/run.py

test: ## Every test
	@infra/test.sh

check: ## Style, lints, documentation, licences, template
	@infra/check.sh

bench: ## What it costs: units, instructions, sizes, load
	@infra/bench.sh

deploy: ## Build for AWS and deploy with SAM
	@infra/deploy.sh
