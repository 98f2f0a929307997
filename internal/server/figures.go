package server

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/webhook"
)

// figures tell of the logs of all organizations together, as they are in the
// database when somebody asks, and of the deliveries that were made here.
type figures struct {
	server                          *Server
	events, organizations           *prometheus.Desc
	attempts, endpoints, unrecorded *prometheus.Desc
	latency, underway               *prometheus.Desc
}

func newFigures(s *Server) figures {
	return figures{
		server:        s,
		events:        prometheus.NewDesc("parley_events_appended_total", "Events in the logs of all organizations together.", nil, nil),
		organizations: prometheus.NewDesc("parley_organizations", "Organizations.", nil, nil),
		attempts:      prometheus.NewDesc("parley_webhook_attempts_total", "Attempts to deliver an event since the start, by what became of the delivery.", []string{"outcome"}, nil),
		endpoints:     prometheus.NewDesc("parley_webhook_endpoints", "Webhook endpoints that are delivered to from here.", nil, nil),
		unrecorded:    prometheus.NewDesc("parley_webhook_attempts_unrecorded", "Attempts that were made and are not in the database yet.", nil, nil),
		latency:       prometheus.NewDesc("parley_webhook_latency_seconds", "How long attempts took since the start.", nil, nil),
		underway:      prometheus.NewDesc("parley_webhook_attempts_underway", "Attempts that are being made now.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (f figures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.events, f.organizations, f.attempts, f.endpoints, f.unrecorded, f.latency, f.underway} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (f figures) Collect(out chan<- prometheus.Metric) {
	f.collectDeliveries(out)
	f.collectLogs(out)
}

func (f figures) collectDeliveries(out chan<- prometheus.Metric) {
	t := f.server.engine.Totals()
	outcomes(out, f.attempts, t.Counts)
	out <- prometheus.MustNewConstMetric(f.endpoints, prometheus.GaugeValue, float64(t.Endpoints))
	out <- prometheus.MustNewConstMetric(f.unrecorded, prometheus.GaugeValue, float64(t.Pending))
	out <- prometheus.MustNewConstMetric(f.underway, prometheus.GaugeValue, float64(t.Underway))
	out <- histogram(f.latency, t.Latency)
}

// collectLogs asks the database. One that does not answer has no figures.
func (f figures) collectLogs(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyLimit)
	defer cancel()
	var events, organizations float64
	err := f.server.db.Read().QueryRow(ctx, `
		select coalesce(sum(last_seq), 0), count(*)
		from organizations`).Scan(&events, &organizations)
	if err != nil {
		f.server.logger.Warn("server.figures_failed", "error", err)
		return
	}
	out <- prometheus.MustNewConstMetric(f.events, prometheus.CounterValue, events)
	out <- prometheus.MustNewConstMetric(f.organizations, prometheus.GaugeValue, organizations)
}

// outcomes counts attempts by what became of the delivery.
func outcomes(out chan<- prometheus.Metric, attempts *prometheus.Desc, c webhook.Counts, labels ...string) {
	for outcome, n := range map[string]int64{
		"delivered": c.Delivered, "retried": c.Retried, "failed": c.Failed, "skipped": c.Skipped,
	} {
		out <- prometheus.MustNewConstMetric(attempts, prometheus.CounterValue, float64(n), append(labels, outcome)...)
	}
}

func histogram(d *prometheus.Desc, h webhook.Histogram, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstHistogram(d, h.Count, h.Seconds, h.Within, labels...)
}
