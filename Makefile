# What there is to do. Each target is one command that also works without make.

# The linters are built by the go command from the versions in tools/go.mod.
LINT := go tool -modfile=tools/go.mod golangci-lint

.PHONY: help dev test race lint fmt ci shape bench torture client
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: ## run Parley with sample data, nothing else needed
	go run ./cmd/parley dev

test: ## run the tests
	go test ./...

race: ## run the tests with the race detector (needs a C compiler)
	go test -race ./...

lint: ## look for mistakes that a machine can find
	go vet ./...
	$(LINT) run

fmt: ## format the code
	$(LINT) fmt

client: ## make the Go client in sdk/go anew, after a change of the API
	go generate ./sdk/go

ci: ## do all that CI does, and nothing less
	bash .ci/run

shape: ## print the ten longest files and functions
	@go -C tools run ./shape ..

bench: ## measure Parley and hold each figure against its bound
	go run ./cmd/parley bench

# How many runs of the simulation. One that fails says how to see it again.
SEEDS ?= 10000

# How many requests each operation of the API gets. One that fails says how to see it again.
REQUESTS ?= 5000

torture: ## simulate webhook delivery with so many SEEDS, die at every commit, and send so many REQUESTS to every operation
	go test -C internal/webhook -run 'TestSimulation|TestEveryCommitPoint' -seeds=$(SEEDS) -timeout 0
	go test -C internal/api -run 'TestFuzz$$' -requests=$(REQUESTS) -timeout 0
