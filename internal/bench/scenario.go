package bench

import (
	"context"
	"strings"
)

// scenario is a load and the figures that it gives.
type scenario struct {
	name    string
	measure func(context.Context, *run) ([]Figure, error)
}

// scenarios are all there are, in the order in which they run.
func scenarios() []scenario {
	return []scenario{
		{"backlog", measureBacklog},
		{"batches", measureBatches},
		{"single", measureSingle},
		{"fanout", measureFanOut},
		{"latency", measureLatency},
		{"hanging", measureHanging},
		{"held", measureHeld},
		{"post", measurePost},
		{"get", measureGet},
		{"listing", measureListing},
		{"pages", measurePages},
		{"idle", measureIdle},
		{"endpoints", measureEndpoints},
		{"waiting", measureWaiting},
		{"start", measureStart},
	}
}

// Scenarios are the names of all scenarios, separated by commas.
func Scenarios() string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}
