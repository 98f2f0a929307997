package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/webhook"
)

// maxListed is how many endpoints have figures of their own: those with the most
// attempts since the start. Twenty series each are what a Prometheus bears.
const maxListed = 1000

// endpointFigures tell of single endpoints that are delivered to from here. Their
// label is the endpoint's id and nothing else: a URL may hold secrets.
type endpointFigures struct {
	engine                                  *webhook.Shifts
	attempts, latency, lag, active, omitted *prometheus.Desc
}

func newEndpointFigures(engine *webhook.Shifts) endpointFigures {
	label := []string{"endpoint"}
	return endpointFigures{
		engine:   engine,
		attempts: prometheus.NewDesc("parley_webhook_endpoint_attempts_total", "Attempts at an endpoint since the start, by what became of the delivery.", []string{"endpoint", "outcome"}, nil),
		latency:  prometheus.NewDesc("parley_webhook_endpoint_latency_seconds", "How long attempts at an endpoint took since the start.", label, nil),
		lag:      prometheus.NewDesc("parley_webhook_endpoint_lag", "Events of the log that an endpoint has yet to get past.", label, nil),
		active:   prometheus.NewDesc("parley_webhook_endpoint_up", "1: the endpoint is active; 0: it is failing, paused, disabled or unverified. Seen every 5 seconds.", label, nil),
		omitted:  prometheus.NewDesc("parley_webhook_endpoints_omitted", "Endpoints that have no figures of their own: not among the 1000 with the most attempts, or not loaded yet.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (f endpointFigures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.attempts, f.latency, f.lag, f.active, f.omitted} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (f endpointFigures) Collect(out chan<- prometheus.Metric) {
	busiest, others := f.engine.Busiest(maxListed)
	for _, e := range busiest {
		id := string(e.ID)
		outcomes(out, f.attempts, e.Counts, id)
		if e.Latency.Count > 0 {
			out <- histogram(f.latency, e.Latency, id)
		}
		active := 0.0
		if e.Active {
			active = 1
		}
		out <- prometheus.MustNewConstMetric(f.active, prometheus.GaugeValue, active, id)
		out <- prometheus.MustNewConstMetric(f.lag, prometheus.GaugeValue, float64(e.Lag), id)
	}
	out <- prometheus.MustNewConstMetric(f.omitted, prometheus.GaugeValue, float64(others))
}
