# The menu. `make` alone prints it.
.DEFAULT_GOAL := help
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

help: ## print this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the server on 127.0.0.1:5433 with its data in ./data
	go run ./cmd/server

demo: ## start the server with the Nexmark auction stream and three views over it
	go run ./cmd/server --demo

test: ## run all tests, with the race detector
	go test -race -timeout 30m ./...

short: ## run all tests quickly, without the race detector
	go test -short ./...

slt: ## run the script tests only, in all five modes
	go test ./sqllogictest

fuzz: ## fuzz each target for ten seconds
	@for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do echo "== $$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime 10s $$p || exit 1; done; done

bench: ## print the numbers: Nexmark, COPY, point reads, inserts, restart
	go run ./bench

bench-short: ## run the benchmarks in process on little data: are their answers right?
	go run ./bench -only nexmark,epoch -events 200000

fmt: ## format the code
	gofmt -l -w $$(git ls-files '*.go')

lint: ## vet and staticcheck
	go vet ./...
	go run $(STATICCHECK) ./...

cover: ## print how much of each package its tests reach
	go test -short -cover ./...

build: ## build the server as ./server
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w -X main.version=$(VERSION)' -o server ./cmd/server

docker: ## build the container image tarn
	docker build --build-arg VERSION=$(VERSION) -t tarn .

ci: ## run what a change must pass
	.ci/run

.PHONY: help run demo test short slt fuzz bench bench-short fmt lint cover build docker ci
